"""When something happened or shall happen, as people type it: Wednesday 14 January 2026, ten past three in Oslo."""

import json
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.fields import date_time
from conversations.fields.contract import Context, Refused, Taken
from conversations.state import Option
from tests.conversations.fields.kit import field

ASKED = field("date_time")
OSLO = ZoneInfo("Europe/Oslo")
# Readings as ISO, the nearest first: a minute, "hour" for about that hour, a day, and what is longer or a part of one.
GOOD = """
i går kveld                         = 2026-01-13 evening
I GÅR KVELD!                        = 2026-01-13 evening
i gårkveld                          = 2026-01-13 evening
igårkveld                           = 2026-01-13 evening
i gar kveld                         = 2026-01-13 evening
det var i går kveld, tror jeg       = 2026-01-13 evening
i går                               = 2026-01-13
igår                                = 2026-01-13
siden i går                         = 2026-01-13
i forgårs                           = 2026-01-12
i dag                               = 2026-01-14
i dag kl 14                         = 2026-01-14T14:00
i dag kl. 14.30                     = 2026-01-14T14:30
i natt                              = 2026-01-14 night
i natt kl 2                         = 2026-01-14T02:00
i natt klokka elleve                = 2026-01-13T23:00
i morges                            = 2026-01-14 morning
i dag tidlig                        = 2026-01-14 morning
klokka sju i morges                 = 2026-01-14T07:00
i formiddag                         = 2026-01-14 forenoon
i ettermiddag kl 2                  = 2026-01-14T14:00
ikveld                              = 2026-01-14 evening
i kveld kl 8                        = 2026-01-14T20:00
i morgen                            = 2026-01-15
imårra                              = 2026-01-15
i morra                             = 2026-01-15
i morgen tidlig                     = 2026-01-15 morning
i morgen kl 12                      = 2026-01-15T12:00
i overmorgen                        = 2026-01-16
nå                                  = 2026-01-14T15:10
akkurat nå                          = 2026-01-14T15:10
nå nettopp                          = 2026-01-14T15:10
halv sju                            = 2026-01-14T06:30
kl. 7                               = 2026-01-14T07:00
kvart over tre                      = 2026-01-14T03:15
kl 13                               = 2026-01-14T13:00
kl 18                               = 2026-01-13T18:00 | 2026-01-14T18:00
1345                                = 2026-01-14T13:45
07:15                               = 2026-01-14T07:15
i går 7.30                          = 2026-01-13T07:30
i går kl 7                          = 2026-01-13T07:00 | 2026-01-13T19:00
i går 18                            = 2026-01-13T18:00
ved midnatt                         = 2026-01-14T00:00
i går ved midnatt                   = 2026-01-13T00:00 | 2026-01-14T00:00
i går kveld klokka halv ti          = 2026-01-13T21:30
i går kveld halv ett                = 2026-01-14T00:30
fem på halv sju i går kveld         = 2026-01-13T18:25
fem over halv sju i dag morges      = 2026-01-14T06:35
klokka fjorten tretti i går         = 2026-01-13T14:30
rundt ti-tiden i går kveld          = 2026-01-13T22:00 hour
i går rundt klokka 18               = 2026-01-13T18:00 hour
ca 12 i går                         = 2026-01-13T12:00 hour
ved sekstentiden i går              = 2026-01-13T16:00 hour
for to timer siden                  = 2026-01-14T13:00 hour
2 timer siden                       = 2026-01-14T13:00 hour
for en time siden                   = 2026-01-14T14:00 hour
for en halvtime siden               = 2026-01-14T14:40
for halvannen time siden            = 2026-01-14T13:40
for 20 min siden                    = 2026-01-14T14:50
for et kvarter siden                = 2026-01-14T14:55
for tre dager siden                 = 2026-01-11
for tre dager siden kl 14           = 2026-01-11T14:00
for en uke siden                    = 2026-01-05 week
for 3 uker siden                    = 2025-12-22 week
for to måneder siden                = 2025-11-01 month
fredag                              = 2026-01-09
siden tirsdag                       = 2026-01-13
mandag kveld                        = 2026-01-12 evening
mandagskveld                        = 2026-01-12 evening
fredag kl 18                        = 2026-01-09T18:00
sist mandag                         = 2026-01-12
forrige mandag                      = 2026-01-12 | 2026-01-05
forrige fredag                      = 2026-01-09
fredag forrige uke                  = 2026-01-09
mandag i forrige uke                = 2026-01-05
på fredag                           = 2026-01-16
neste fredag                        = 2026-01-16 | 2026-01-23
neste mandag                        = 2026-01-19
kommende fredag kl 10:00            = 2026-01-16T10:00
fredag neste uke                    = 2026-01-23
onsdag                              = 2026-01-14 | 2026-01-07
natt til tirsdag                    = 2026-01-13 night
mandag natt                         = 2026-01-12 night | 2026-01-13 night
sist uke                            = 2026-01-05 week
forrige uke                         = 2026-01-05 week
neste uke                           = 2026-01-19 week
uke 2                               = 2026-01-05 week
i helga                             = 2026-01-10 weekend
forrige helg                        = 2026-01-10 weekend
i november                          = 2025-11-01 month
okt 2019                            = 2019-10-01 month
NOV                                 = 2025-11-01 month
i fjor                              = 2025-01-01 year
om to dager                         = 2026-01-16
om en halvtime                      = 2026-01-14T15:40
14.01 kl 1510                       = 2026-01-14T15:10
14.01                               = 2026-01-14
14/1                                = 2026-01-14
14/1-26                             = 2026-01-14
14.01.26                            = 2026-01-14
den 14.1. kl 15.10                  = 2026-01-14T15:10
14.01.2026                          = 2026-01-14
14.01.2026 kl. 15:10                = 2026-01-14T15:10
2026-01-14                          = 2026-01-14
2026-01-14 15:10                    = 2026-01-14T15:10
2026-01-14T15:10                    = 2026-01-14T15:10
20260114                            = 2026-01-14
14. januar                          = 2026-01-14
14 jan 2026 kl 0930                 = 2026-01-14T09:30
fjortende januar                    = 2026-01-14
den femte januar                    = 2026-01-05
den 9.                              = 2026-01-09
3. desember 2025                    = 2025-12-03
24.12                               = 2025-12-24
24.12.98                            = 1998-12-24
julaften                            = 2025-12-24
29.02                               = 2024-02-29
29.2.2024 kl 11:15                  = 2024-02-29T11:15
17.05                               = 2025-05-17 | 2026-05-17
14.10                               = 2025-10-14 | 2026-01-14T14:10
10.10.2025 om kvelden               = 2025-10-10 evening
tirsdag 13.01 kl 08:15              = 2026-01-13T08:15
tirsdag 14.01                       = 2026-01-14 | 2026-01-13
onsdag 13.01                        = 2026-01-13 | 2026-01-14
onsdag 13.01 kl 08:15               = 2026-01-13T08:15 | 2026-01-14T08:15
onsdag for to uker siden            = 2025-12-31
for to uker siden, på onsdag kl 9.10 = 2025-12-31T09:10
mandag om to uker                   = 2026-01-26
Monday a week ago                   = 2026-01-05
a fortnight ago                     = 2025-12-29 week
for en drøy time siden              = 2026-01-14T14:00 hour
för drygt en timme sedan            = 2026-01-14T14:00 hour
sista december                      = 2025-12-31
3. i denne måneden                  = 2026-01-03
den 3. forrige måned kl 7.15        = 2025-12-03T07:15
24.10 kl 02.15                      = 2025-10-24T02:15
26.10 kl 14.00                      = 2025-10-26T14:00
24.10                               = 2025-10-24
fredag den 16.                      = 2026-01-16
13.01 eller 12.01                   = 2026-01-13 | 2026-01-12
i går, nei i forgårs                = 2026-01-13 | 2026-01-12
i går. Ca kl 18                     = 2026-01-13T18:00 hour
i går kvled                         = 2026-01-13 evening
i gårkvedl                          = 2026-01-13 evening
tirdsag kl 14                       = 2026-01-13T14:00
for to tiemr siden                  = 2026-01-14T13:00 hour
forige uke                          = 2026-01-05 week
i går kväll                         = 2026-01-13 evening
igår kväll vid nio                  = 2026-01-13T21:00
ikväll                              = 2026-01-14 evening
i förrgår                           = 2026-01-12
i förrgår kväll                     = 2026-01-12 evening
i morse                             = 2026-01-14 morning
i morse klockan sju                 = 2026-01-14T07:00
i morgon bitti                      = 2026-01-15 morning
i övermorgon                        = 2026-01-16
tjugo i sju                         = 2026-01-14T06:40
kvart i åtta i morse                = 2026-01-14T07:45
kl 3 på eftermiddagen i går         = 2026-01-13T15:00
för två timmar sedan                = 2026-01-14T13:00 hour
för en halvtimme sen                = 2026-01-14T14:40
för tjugofem minuter sen            = 2026-01-14T14:45
i fredags                           = 2026-01-09
i fredags kväll                     = 2026-01-09 evening
i tisdags kl 14                     = 2026-01-13T14:00
sedan i tisdags                     = 2026-01-13
nu på fredag                        = 2026-01-16
nästa fredag                        = 2026-01-16 | 2026-01-23
förra veckan                        = 2026-01-05 week
v 2                                 = 2026-01-05 week
v.2                                 = 2026-01-05 week
natten till tisdag                  = 2026-01-13 night
alldeles nyss                       = 2026-01-14T15:10
just nu                             = 2026-01-14T15:10
den 14 januari                      = 2026-01-14
den 14:e januari kl 15.10           = 2026-01-14T15:10
260114                              = 2026-01-14
för tre veckor sedan                = 2025-12-22 week
yesterday evening                   = 2026-01-13 evening
yesteday evening                    = 2026-01-13 evening
the day before yesterday            = 2026-01-12
the day after tomorrow              = 2026-01-16
last night                          = 2026-01-14 night
last night at 9                     = 2026-01-13T21:00
this morning                        = 2026-01-14 morning
tonight at 8                        = 2026-01-14T20:00
quarter past three                  = 2026-01-14T03:15
half past six                       = 2026-01-14T06:30
ten to seven this morning           = 2026-01-14T06:50
yesterday at 6pm                    = 2026-01-13T18:00
7 a.m. today                        = 2026-01-14T07:00
12 am on Tuesday                    = 2026-01-13T00:00
last Friday at noon                 = 2026-01-09T12:00
last Monday                         = 2026-01-12 | 2026-01-05
on Friday                           = 2026-01-09
next Friday                         = 2026-01-16 | 2026-01-23
this Friday                         = 2026-01-16
since Tuesday                       = 2026-01-13
Friday of last week                 = 2026-01-09
3 hours ago                         = 2026-01-14T12:00 hour
about an hour ago                   = 2026-01-14T14:00 hour
half an hour ago                    = 2026-01-14T14:40
a couple of hours ago               = 2026-01-14T13:00 hour
two days ago around 5 pm            = 2026-01-12T17:00 hour
a week ago                          = 2026-01-05 week
last weekend                        = 2026-01-10 weekend
just now                            = 2026-01-14T15:10
January 9th at 3:10 pm              = 2026-01-09T15:10
14 January 2026                     = 2026-01-14
the 9th of January                  = 2026-01-09
the 9th at twenty past two pm       = 2026-01-09T14:20
yesterday kl 18                     = 2026-01-13T18:00
igår evening                        = 2026-01-13 evening
last fredag                         = 2026-01-09
"""
# Written after the code, and read by it for the first time when all of them stood here.
HELD_OUT = """
Det skjedde i natt rundt klokka tre            = 2026-01-14T03:00 hour
tirsdag 6. januar                              = 2026-01-06
Søndag morgen                                  = 2026-01-11 morning
for ca en time siden                           = 2026-01-14T14:00 hour
for 45 minutter siden                          = 2026-01-14T14:25
lørdag kveld ca 21.30                          = 2026-01-10T21:30
i dag ved 12-tida                              = 2026-01-14T12:00 hour
Kl 0815 i dag                                  = 2026-01-14T08:15
torsdag i forrige uke kl. 11                   = 2026-01-08T11:00 | 2026-01-08T23:00
5. januar i år                                 = 2026-01-05
nyttårsaften                                   = 2025-12-31
i dag tidlig kl halv åtte                      = 2026-01-14T07:30
om tre uker                                    = 2026-02-02 week
mandag 19. januar kl 08:00                     = 2026-01-19T08:00
kl. 22 i går                                   = 2026-01-13T22:00
Siden kl 06.00 i dag                           = 2026-01-14T06:00
i går kveld kl 20-tiden                        = 2026-01-13T20:00 hour
forrige torsdag kveld                          = 2026-01-08 evening
to dager siden                                 = 2026-01-12
fredag den 9. januar 2026 kl. 13.45            = 2026-01-09T13:45
på tirsdag klokken ti om formiddagen           = 2026-01-20T10:00
kl 9 på morran                                 = 2026-01-14T09:00
13 jan 16:40                                   = 2026-01-13T16:40
vet ikke helt, kanskje i går?                  = 2026-01-13
i begynnelsen av desember                      = 2025-12-01 month
i fjor høst                                    = unclear
i lördags vid tretiden på natten               = 2026-01-10T03:00 hour | 2026-01-11T03:00 hour
Igår förmiddag                                 = 2026-01-13 forenoon
för en stund sedan                             = unclear
runt kl 17 i söndags                           = 2026-01-11T17:00 hour
den 3/1                                        = 2026-01-03
nästa vecka                                    = 2026-01-19 week
imorgon förmiddag kl 9                         = 2026-01-15T09:00
halv åtta i morse                              = 2026-01-14T07:30
fem över tio igår kväll                        = 2026-01-13T22:05
förra torsdagen                                = 2026-01-08
sen i förrgår                                  = 2026-01-12
natten mot lördag                              = 2026-01-10 night
It started around 8 this morning               = 2026-01-14T08:00 hour
yesterday, about half past nine in the evening = 2026-01-13T21:30
Sunday at 4 pm                                 = 2026-01-11T16:00
on the 5th of January                          = 2026-01-05
Jan 2 at 11:20                                 = 2026-01-02T11:20
about twenty minutes ago                       = 2026-01-14T14:50
since yesterday afternoon                      = 2026-01-13 afternoon
tomorrow at noon                               = 2026-01-15T12:00
three weeks ago                                = 2025-12-22 week
the other day                                  = unclear
3:15 pm yesterday                              = 2026-01-13T15:15
end of November                                = 2025-11-01 month

Det begynte vel i går kveld rundt klokka 21 en gang   = 2026-01-13T21:00 hour
ble borte kl 02.14 i natt                             = 2026-01-14T02:14
i dag kl. 07:45 da jeg skulle på jobb                 = 2026-01-14T07:45
Sist onsdag ettermiddag                               = 2026-01-07 afternoon
ca 3 uker siden                                       = 2025-12-22 week
i 8 tida i morges                                     = 2026-01-14T08:00 hour
halv ti i går kveld                                   = 2026-01-13T21:30
Tirsdag kl 1530                                       = 2026-01-13T15:30
12. januar                                            = 2026-01-12
12/1-2026 kl 14                                       = 2026-01-12T14:00
12.1.26 kl. 8.30                                      = 2026-01-12T08:30
mandag 12/1 ved 10-tiden                              = 2026-01-12T10:00 hour | 2026-01-12T22:00 hour
i går, ca 16.30                                       = 2026-01-13T16:30
for litt siden                                        = unclear
for 5 min sia                                         = 2026-01-14T15:05
nå i formiddag                                        = 2026-01-14 forenoon
natt til søndag ca kl 03                              = 2026-01-11T03:00 hour
lørdag natt                                           = 2026-01-10 night | 2026-01-11 night
Onsdag 7. januar 2026                                 = 2026-01-07
fra i går ettermiddag                                 = 2026-01-13 afternoon
klokken halv fem i ettermiddag                        = 2026-01-14T16:30
ti på ni i dag morges                                 = 2026-01-14T08:50
to dager sia                                          = 2026-01-12
husker ikke helt men tror det var fredag kveld        = 2026-01-09 evening
i gåt kveld                                           = 2026-01-13 evening
i gåt                                                 = 2026-01-13
forrgie uke                                           = 2026-01-05 week
i moregs                                              = 2026-01-14 morning
tirsdga kl 9.15                                       = 2026-01-13T09:15
imårgå                                                = 2026-01-15
i kveld ved sekstida                                  = 2026-01-14T18:00 hour
tysdag kveld                                          = 2026-01-13 evening
laurdag kl 11:00                                      = 2026-01-10T11:00
for tri timar sidan                                   = 2026-01-14T12:00 hour
Det hände igår runt kl. 17.45                         = 2026-01-13T17:45
i onsdags                                             = 2026-01-07
förra fredagen vid lunch                              = 2026-01-09 midday
kl halv sju imorse                                    = 2026-01-14T06:30
för ungefär en timme sedan                            = 2026-01-14T14:00 hour
för 10 min sen                                        = 2026-01-14T15:00
kl. 13.00 idag                                        = 2026-01-14T13:00
lördag den 10 januari                                 = 2026-01-10
2026-01-10 kl. 22:15                                  = 2026-01-10T22:15
10 jan på kvällen                                     = 2026-01-10 evening
natten till i går                                     = 2026-01-13 night
i söndags natt                                        = 2026-01-11 night | 2026-01-12 night
sedan i förrgår kväll                                 = 2026-01-12 evening
nästa tisdag kl 10                                    = 2026-01-20T10:00 | 2026-01-20T22:00
om en vecka                                           = 2026-01-19 week
v. 7                                                  = 2025-02-10 week | 2026-02-09 week
i eftermiddag kl tre                                  = 2026-01-14T15:00
kvart i tre på natten                                 = 2026-01-14T02:45
five minutes ago                                      = 2026-01-14T15:05
yesterday at around 10:30 pm                          = 2026-01-13T22:30
it went out at 6:15 this morning                      = 2026-01-14T06:15
Monday evening, about 8                               = 2026-01-12T20:00 hour
the evening of January 10                             = 2026-01-10 evening
Saturday night                                        = 2026-01-10 night | 2026-01-11 night
last thursday around lunch                            = 2026-01-08 midday
12 January 2026, 9 am                                 = 2026-01-12T09:00
noon yesterday                                        = 2026-01-13T12:00
at ten past nine last night                           = 2026-01-13T21:10
since 5 am                                            = 2026-01-14T05:00
two and a half hours ago                              = 2026-01-14T12:40
earlier today at 11:50                                = 2026-01-14T11:50
no idea, sometime last night                          = 2026-01-14 night
natt til 13. januar                            = 2026-01-13 night
natten till den 13/1 vid tre                   = 2026-01-13T03:00
"""
BAD = """
det vet jeg ikke                    = unclear
vet inte                            = unclear
no idea                             = unclear
ganske lenge                        = unclear
for lenge siden                     = unclear
a while ago                         = unclear
noen timer siden                    = unclear
mandag i forrige århundre           = unclear
i fjor sommer                       = unclear
hver dag                            = unclear
every Friday                        = unclear
etter kl 16                         = unclear
ikke i går                          = unclear
om kvelden                          = unclear
kl 15 i går morges                  = unclear
half seven                          = unclear
kl 10-12                            = unclear
i dag 10-12                         = unclear
mellom 14 og 15 i går               = unclear
13.-15. januar                      = unclear
siste mandag i mars                 = unclear
friday after next                   = unclear
7                                   = unclear
fredag 14                           = unclear
to timer                            = unclear
ja                                  = unclear
mast 1042                           = unclear
hei                                 = unclear
                                    = unclear
32.01                               = no_date
31.02                               = no_date
29.02.2026                          = no_date
14.13.2026                          = no_date
31. april                           = no_date
kl 25                               = no_time
kl 14:75                            = no_time
25:00 i går                         = no_time
"""
FOUND = """
strømmen gikk i går kveld klokka halv ti hos oss            = 2026-01-13T21:30
Hei! Strømmen er borte i hele gata her i Storgata 4, 6700 Måløy, siden kl 13 = 2026-01-14T13:00
Vi har vært uten strøm siden i går kveld                    = 2026-01-13 evening
Strømmen gikk for to timer siden og er fortsatt borte       = 2026-01-14T13:00 hour
Det smalt i mast 1042 i natt                                = 2026-01-14 night
Strømmen gikk i går hos oss, klokka 21                      = 2026-01-13T21:00
strömmen försvann i morse kl 7                              = 2026-01-14T07:00
Det luktet svidd 13.01.2026 kl 18:20 ved Storgata 14        = 2026-01-13T18:20
power went out last Friday at noon in Main Street 14        = 2026-01-09T12:00
12 stk ble levert tirsdag kveld                             = 2026-01-13 evening
Diskmaskinen har läckt sedan i måndags                      = 2026-01-12
i går ca 20 hus mistet strømmen                             = 2026-01-13
nei, det var i går                                          = 2026-01-13
2-3 stolper falt i går kveld                                = 2026-01-13 evening
to av 3 hus mellom mast 12 og 13 mangler strøm siden i går  = 2026-01-13
i går 14.50 kr for mye                                      = 2026-01-13
jeg skal tenne lys i kveld om strømmen ikke kommer          = 2026-01-14 evening
når man ser ut nå er alt mørkt, det smalt i går             = 2026-01-13
"""
NOT_FOUND = """
12 stk
mast 1042
mast 1042 og 1043 ved Storgata 14
Storgata 14
Storgata 14, 6700 Måløy
gnr 14 bnr 1
ring 915 55 123
ring meg på 91555123
det koster 14.50
kr 1510,-
14/1
1/2 av husene
3 av 4 stolper
ca 20 hus er uten strøm
about 20 houses
at 14 Main Street
5 to 10 people are here
ti på tre
strømmen er borte nå
hva gjør jeg nå
vi har vært uten strøm i to timer
for lenge siden
hver fredag kveld
strømmen gikk i går og kom tilbake i dag
i går, ring meg etter kl 16
mandag til fredag
halv sju
kl 7
kl 10-12
i går mellom 14 og 15
fredagspizza
I may be away
the sun is up
han heter Tor
mars bar
may the force be with you
vår sommerhytte
man sat in the sun
"""


def context(now="2026-01-14T15:10", language="nb", shown=(), zone=OSLO):
    return Context(language, now=_utc(now, zone), zone=zone, shown=shown)


def _utc(local, zone):
    at = datetime.fromisoformat(local)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def rows(table):
    return [tuple(part.strip() for part in line.rsplit("=", 1)) for line in table.splitlines() if line.strip()]


def plainly(value):
    """A value as the tables have it."""
    at, precision = value["at"], value["precision"]
    if precision in ("minute", "hour"):
        at = at[:16]
    return at if precision in ("minute", "day") else f"{at} {precision}"


def readings(outcome):
    if isinstance(outcome, Taken):
        return plainly(outcome.value)
    if outcome is None or not outcome.options:
        return outcome and outcome.problem.removeprefix("field.date_time.")
    assert outcome.problem == "field.date_time.which"
    return " | ".join(plainly(date_time.value_of(option.key)) for option in outcome.options)


@pytest.mark.parametrize(("text", "meaning"), rows(GOOD + HELD_OUT))
def test_a_time_is_understood(text, meaning):
    assert readings(date_time.read(ASKED, text, context())) == meaning


@pytest.mark.parametrize(("text", "problem"), rows(BAD))
def test_what_is_no_time_is_refused(text, problem):
    assert readings(date_time.read(ASKED, text, context())) == problem


@pytest.mark.parametrize(("text", "meaning"), rows(FOUND))
def test_the_one_time_of_a_text_is_found(text, meaning):
    assert readings(date_time.find(ASKED, text, context())) == meaning


@pytest.mark.parametrize("text", NOT_FOUND.strip().splitlines())
def test_what_may_be_no_time_is_not_found(text):
    assert date_time.find(ASKED, text, context()) is None


@pytest.mark.parametrize(
    ("now", "text", "meaning"),
    [
        ("2026-01-16T10:00", "fredag", "2026-01-16 | 2026-01-09"),
        ("2026-01-16T10:00", "forrige fredag", "2026-01-09"),
        ("2026-01-16T10:00", "på fredag", "2026-01-23"),
        ("2026-01-17T10:00", "i helga", "2026-01-17 weekend"),
        ("2026-01-14T22:00", "halv sju", "2026-01-14T18:30 | 2026-01-14T06:30"),
        ("2026-01-14T22:00", "i natt", "2026-01-15 night | 2026-01-14 night"),
        ("2026-01-14T02:00", "i natt", "2026-01-14 night"),
        ("2026-01-01T00:10", "i går kveld", "2025-12-31 evening"),
        ("2026-01-01T00:10", "for en halvtime siden", "2025-12-31T23:40"),
        ("2026-01-01T10:00", "31.12", "2025-12-31"),
        ("2026-01-15T10:00", "16.01", "2025-01-16 | 2026-01-16"),
        ("2024-03-01T10:00", "i går", "2024-02-29"),
        ("2024-02-29T10:00", "29.02", "2024-02-29"),
        ("2024-03-01T10:00", "29. februar", "2024-02-29"),
        ("2027-12-01T10:00", "29/2", "2024-02-29 | 2028-02-29"),
        ("2026-03-31T10:00", "forrige måned", "2026-02-01 month"),
    ],
)
def test_it_is_seen_from_when_it_is_said(now, text, meaning):
    assert readings(date_time.read(ASKED, text, context(now))) == meaning


@pytest.mark.parametrize(
    ("now", "text", "meaning"),
    [
        # 29 March: from two to three there is no time of day.
        ("2026-03-29T10:00", "kl 02:30", "skipped"),
        ("2026-03-29T10:00", "29.03.2026 kl 0215", "skipped"),
        ("2026-03-29T10:00", "i natt halv tre", "skipped"),
        ("2026-01-14T15:10", "29.03 kl 02.15", "skipped"),
        ("2026-04-02T10:00", "29.03 kl 02.15", "skipped"),
        ("2026-04-02T10:00", "29.03.2026 kl. 02:15", "skipped"),
        ("2026-03-29T10:00", "29.03 halv tre", "2026-03-29T14:30+02:00"),
        ("2026-03-29T10:00", "i natt kl 3", "2026-03-29T03:00+02:00"),
        ("2026-03-29T05:00", "for to timer siden", "2026-03-29T03:00+02:00"),
        ("2026-03-29T04:00", "for to timer siden", "2026-03-29T01:00+01:00"),
        # 25 October: from two to three twice.
        ("2026-10-25T10:00", "kl 02:30", "2026-10-25T02:30+02:00 | 2026-10-25T02:30+01:00"),
        ("2026-11-25T10:00", "25.10 kl 02.15", "2026-10-25T02:15+02:00 | 2026-10-25T02:15+01:00"),
        ("2026-11-25T10:00", "25.10.2026 02:15", "2026-10-25T02:15+02:00 | 2026-10-25T02:15+01:00"),
        ("2026-11-25T10:00", "25.10 kl 12.15", "2026-10-25T12:15+01:00"),
        ("2026-10-25T10:00", "i natt kl 03:00", "2026-10-25T03:00+01:00"),
        ("2026-10-25T02:45+01:00", "for en halvtime siden", "2026-10-25T02:15+01:00"),
        ("2026-10-25T02:15+01:00", "for en halvtime siden", "2026-10-25T02:45+02:00"),
    ],
)
def test_both_nights_of_summer_time(now, text, meaning):
    outcome = date_time.read(ASKED, text, context(now))
    if isinstance(outcome, Taken):
        assert outcome.value["at"] == meaning
    elif outcome.options:
        assert " | ".join(option.key.removesuffix(" minute") for option in outcome.options) == meaning
    else:
        assert outcome.problem == f"field.date_time.{meaning}"


def test_of_two_readings_the_customer_is_asked_which():
    outcome = date_time.read(ASKED, "i går halv sju", context())
    assert outcome == Refused(
        "field.date_time.which",
        options=(
            Option("2026-01-13T06:30+01:00 minute", "tirsdag 13.01.2026 kl. 06:30"),
            Option("2026-01-13T18:30+01:00 minute", "tirsdag 13.01.2026 kl. 18:30"),
        ),
    )


@pytest.mark.parametrize(
    ("tense", "now", "text", "meaning"),
    [
        (None, "2026-01-14T09:00", "kl 7", "2026-01-14T07:00"),
        (None, "2026-01-14T05:00", "kl 7", "2026-01-13T19:00 | 2026-01-13T07:00"),
        (None, "2026-01-14T15:10", "kl 18", "2026-01-13T18:00 | 2026-01-14T18:00"),
        ("past", "2026-01-14T09:00", "kl 7", "2026-01-14T07:00"),
        ("past", "2026-01-14T22:00", "kl 7", "2026-01-14T19:00 | 2026-01-14T07:00"),
        ("past", "2026-01-14T15:10", "kl 18", "2026-01-13T18:00"),
        ("past", "2026-01-14T15:10", "17.05", "2025-05-17"),
        ("past", "2026-01-14T15:10", "den 16.", "2025-12-16"),
        ("past", "2026-01-14T15:10", "fredag", "2026-01-09"),
        ("past", "2026-01-14T15:10", "onsdag", "2026-01-14 | 2026-01-07"),
        ("past", "2026-01-14T15:10", "i morgen", "not_past"),
        ("past", "2026-01-14T15:10", "20.01.2026", "not_past"),
        ("past", "2026-01-14T15:10", "i kveld kl 20", "not_past"),
        ("past", "2026-01-14T15:10", "på fredag", "2026-01-09"),
        ("past", "2026-01-14T15:10", "i kveld", "2026-01-14 evening"),
        ("past", "2026-01-14T15:10", "nå", "2026-01-14T15:10"),
        ("past", "2026-01-14T15:10", "onsdag 13.01", "2026-01-13 | 2026-01-14"),
        ("future", "2025-12-14T15:10", "tirsdag 14. juli", "2026-07-14"),
        ("future", "2026-01-14T15:10", "nå", "2026-01-14T15:10"),
        ("future", "2026-01-14T09:00", "kl 7", "2026-01-14T19:00 | 2026-01-15T07:00"),
        ("future", "2026-01-14T09:00", "07:15", "2026-01-15T07:15"),
        ("future", "2026-01-14T15:10", "kl 18", "2026-01-14T18:00"),
        ("future", "2026-01-14T15:10", "17.05", "2026-05-17"),
        ("future", "2026-01-14T15:10", "12.01", "2027-01-12"),
        ("future", "2026-01-14T15:10", "den 9.", "2026-02-09"),
        ("future", "2026-01-14T15:10", "fredag kl 18", "2026-01-16T18:00"),
        ("future", "2026-01-14T15:10", "fredag den 16.", "2026-01-16"),
        ("future", "2026-01-14T15:10", "forrige fredag", "not_future"),
        ("future", "2026-01-14T15:10", "i går", "not_future"),
        (None, "2026-01-14T15:10", "uke 24", "2025-06-09 week | 2026-06-08 week"),
        ("past", "2026-01-14T15:10", "uke 24", "2025-06-09 week"),
        ("future", "2026-01-14T15:10", "uke 24", "2026-06-08 week"),
        ("future", "2026-01-14T15:10", "uke 50", "2026-12-07 week"),
        ("past", "2026-01-14T15:10", "uke 3", "2026-01-12 week"),
        ("future", "2026-01-14T15:10", "uke 3", "2026-01-12 week"),
        ("past", "2026-01-14T15:10", "i juni", "2025-06-01 month"),
        ("future", "2026-01-14T15:10", "i desember", "2026-12-01 month"),
        ("future", "2026-01-14T15:10", "i januar", "2026-01-01 month"),
        ("future", "2026-01-14T15:10", "i november 2025", "not_future"),
        ("past", "2026-01-14T15:10", "i helga", "2026-01-10 weekend"),
        ("future", "2026-01-14T15:10", "i helga", "2026-01-17 weekend"),
    ],
)
def test_a_field_may_say_whether_it_has_been_or_is_to_come(tense, now, text, meaning):
    assert readings(date_time.read(field("date_time", tense=tense), text, context(now))) == meaning


def test_in_a_text_of_other_things_the_hour_is_only_taken_where_the_field_says_that_it_has_been():
    said = "strømmen gikk kl 7"
    assert date_time.find(ASKED, said, context()) is None
    assert readings(date_time.find(field("date_time", tense="past"), said, context())) == "2026-01-14T07:00"


HALF_PAST_SIX = ("2026-01-14T06:30+01:00 minute", "2026-01-13T18:30+01:00 minute")
FRIDAYS = ("2026-01-16 day", "2026-01-09 day")
TWICE = ("2026-10-25T02:30+02:00 minute", "2026-10-25T02:30+01:00 minute")


@pytest.mark.parametrize(
    ("keys", "text", "meaning"),
    [
        (HALF_PAST_SIX, "1", "2026-01-14T06:30"),
        (HALF_PAST_SIX, "2.", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "nr 2", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "den siste", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "2, men jeg er ikke sikker", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "om kvelden", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "kveld", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "i the morning", "2026-01-14T06:30"),
        (HALF_PAST_SIX, "i går", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "tirsdag", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "18:30", "2026-01-13T18:30"),
        (HALF_PAST_SIX, "0630", "2026-01-14T06:30"),
        (HALF_PAST_SIX, "i kveld", "2026-01-14T18:30"),
        (HALF_PAST_SIX, "nei, i går kl 14", "2026-01-13T14:00"),
        (HALF_PAST_SIX, "halv sju", "2026-01-14T06:30"),
        (HALF_PAST_SIX, "3", "unclear"),
        (HALF_PAST_SIX, "vet ikke", "unclear"),
        (FRIDAYS, "2", "2026-01-09"),
        (FRIDAYS, "i dag", "2026-01-16"),
        (FRIDAYS, "forrige fredag", "2026-01-09"),
        (FRIDAYS, "09.01", "2026-01-09"),
        (TWICE, "sommertid", "2026-10-25T02:30"),
    ],
)
def test_the_next_answer_may_choose_among_what_was_shown(keys, text, meaning):
    shown = tuple(Option(key, date_time.show(ASKED, date_time.value_of(key), context())) for key in keys)
    outcome = date_time.read(
        ASKED, text, context("2026-01-16T15:10" if keys is FRIDAYS else "2026-01-14T15:10", shown=shown)
    )
    assert readings(outcome) == meaning


def test_options_of_another_question_choose_nothing():
    shown = (Option("yes", "Ja"), Option("no", "Nei"))
    assert readings(date_time.read(ASKED, "1", context(shown=shown))) == "unclear"


@pytest.mark.parametrize(
    ("key", "nb", "sv", "en"),
    [
        (
            "2026-01-14T15:10+01:00 minute",
            *("onsdag 14.01.2026 kl. 15:10", "onsdag 14.01.2026 kl. 15:10", "Wednesday 14.01.2026 at 15:10"),
        ),
        (
            "2026-01-14T13:00+01:00 hour",
            *("onsdag 14.01.2026 ca. kl. 13:00", "onsdag 14.01.2026 ca kl. 13:00", "Wednesday 14.01.2026 about 13:00"),
        ),
        (
            "2026-10-25T02:30+01:00 minute",
            "søndag 25.10.2026 kl. 02:30 (normaltid)",
            "söndag 25.10.2026 kl. 02:30 (normaltid)",
            "Sunday 25.10.2026 at 02:30 (winter time)",
        ),
        ("2026-01-14 day", "14.01.2026", "14.01.2026", "14.01.2026"),
        ("2026-01-13 evening", "13.01.2026 om kvelden", "13.01.2026 på kvällen", "13.01.2026 in the evening"),
        ("2026-01-14 night", "natt til 14.01.2026", "natten till 14.01.2026", "the night before 14.01.2026"),
        (
            "2026-01-05 week",
            *("uke 2, 05.01.2026-11.01.2026", "vecka 2, 05.01.2026-11.01.2026", "week 2, 05.01.2026-11.01.2026"),
        ),
        (
            "2026-01-10 weekend",
            *("helgen 10.01.2026-11.01.2026", "helgen 10.01.2026-11.01.2026", "the weekend 10.01.2026-11.01.2026"),
        ),
        ("2025-11-01 month", "november 2025", "november 2025", "November 2025"),
        ("2025-01-01 year", "2025", "2025", "2025"),
    ],
)
def test_it_is_read_back_as_exactly_as_it_was_said(key, nb, sv, en):
    value = date_time.value_of(key)
    assert [date_time.show(ASKED, value, context(language=language)) for language in ("nb", "sv", "en")] == [nb, sv, en]
    assert date_time.show(field("date_time", max_shown=10), value, context()) == (
        nb if len(nb) <= 10 else f"{nb[:7].rstrip()}..."
    )


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", "i går", 7, [], {}, {"at": "2026-01-14"}, {"at": "2026-01-14", "precision": "evenings"}),
        *(
            {"at": "x", "precision": "day"},
            {"at": "9999-12-31", "precision": "week"},
            {"at": None, "precision": "minute"},
        ),
        *({"at": "2026-01-14T15:10", "precision": "day"}, {"at": "2026-01-14", "precision": "minute"}),
        {"at": "2026-01-14T15:10", "precision": "minute"},
    ],
)
def test_what_is_no_value_of_this_kind_is_not_shown(value):
    assert date_time.show(ASKED, value, context()) == ""


def test_english_clocks_have_twelve_hours():
    assert (
        readings(date_time.read(ASKED, "yesterday 7:30", context(language="en")))
        == "2026-01-13T07:30 | 2026-01-13T19:30"
    )
    assert readings(date_time.read(ASKED, "yesterday 7:30", context(language="nb"))) == "2026-01-13T07:30"


def test_what_says_more_than_the_time_is_kept_whole():
    said = "i går kveld, da det lynte"
    assert date_time.read(ASKED, said, context()) == Taken({"at": "2026-01-13", "precision": "evening"}, said)
    only_the_time = Taken({"at": "2026-01-13", "precision": "evening"})
    assert date_time.read(ASKED, "Hei, det var i går kveld, tror jeg.", context()) == only_the_time
    assert date_time.find(ASKED, said, context()) == Taken({"at": "2026-01-13", "precision": "evening"}, said)


def test_another_zone_has_another_day():
    late = context("2026-01-14T23:30:00+00:00", zone=ZoneInfo("UTC"))
    assert readings(date_time.read(ASKED, "i dag", late)) == "2026-01-14"
    assert readings(date_time.read(ASKED, "i dag", context("2026-01-14T23:30:00+00:00"))) == "2026-01-15"


def test_without_a_now_nothing_is_understood():
    assert date_time.read(ASKED, "i går", Context("nb")) == Refused("field.date_time.unclear")
    assert date_time.find(ASKED, "i går", Context("nb")) is None


WORDS = st.sampled_from(
    [
        *"i går kveld morgen natt natten til fredag forrige neste på kl klokka 7 14 25 1510 15:10 14.01".split(),
        *"14/1 32.01".split(),
        *"halv kvart over for to timer siden om en halvtime den 14. januar 2026 99 999 24:00 00:00 29.02 31.12".split(),
        *"uke 53 helga i fjor last night next week half past six at noon midnatt 9999 0 midnight ved ca".split(),
        *"- , . eller".split(),
        *(
            "fem på",
            "året",
            "\n",
            "\x00",
            "½",
            "٤٢",
            "2026-01-14T15:10",
            "999 uker siden",
            "999 år siden",
            "om 999 måneder",
        ),
    ]
)
NOWS = st.integers(0, 1_800 * 10**6).map(
    lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=minutes * 3)
)


@given(text=st.one_of(st.lists(WORDS, max_size=10).map(" ".join), st.text(max_size=200)), now=NOWS)
def test_no_text_makes_it_raise_at_any_time(text, now):
    for language in ("nb", "sv", "en"):
        seen = Context(language, now=now, zone=OSLO)
        for outcome in (date_time.read(ASKED, text, seen), date_time.find(ASKED, text, seen)):
            if isinstance(outcome, Taken):
                json.dumps(outcome.value)
                assert "\x00" not in outcome.rest
                assert 0 < len(date_time.show(ASKED, outcome.value, seen)) <= ASKED.max_shown


@given(text=st.lists(WORDS, max_size=10).map(" ".join), now=NOWS)
def test_every_reading_that_is_offered_can_be_chosen_by_its_number(text, now):
    outcome = date_time.read(ASKED, text, Context("nb", now=now, zone=OSLO))
    offered = outcome.options if isinstance(outcome, Refused) else ()
    assert len({option.label for option in offered}) == len(offered) != 1
    for number, option in enumerate(offered, 1):
        again = Context("nb", now=now, zone=OSLO, shown=offered)
        assert date_time.read(ASKED, str(number), again) == Taken(date_time.value_of(option.key))


@given(now=NOWS, ago=st.integers(0, 400))
def test_what_is_read_back_is_never_understood_as_another_time(now, ago):
    seen = Context("nb", now=now, zone=OSLO)
    for text in (f"for {ago} minutter siden", f"for {ago} dager siden", "i går kveld", "forrige måned"):
        taken = date_time.read(ASKED, text, seen)
        assert isinstance(taken, Taken)
        again = date_time.read(ASKED, date_time.show(ASKED, taken.value, seen), seen)
        assert isinstance(again, Refused) or again.value == taken.value


@pytest.mark.parametrize(
    "part",
    [
        *(
            "kl ",
            "i går ",
            "14.10 ",
            "12 ",
            "mandag ",
            "1.",
            "1:",
            "fem på halv ",
            "om ti og ",
            "kvled fredga ",
            "den ",
        ),
        *("for to timer og ", "halv ", "og ,", "sist ", "v. ", "1t", "kvart over ", "mellom kl ", "12-12-", "\n", "x"),
    ],
)
def test_a_long_text_takes_a_fraction_of_a_second(part):
    text = part * (20_000 // len(part))
    began = time.perf_counter()
    date_time.read(ASKED, text, context())
    date_time.find(ASKED, text, context())
    assert time.perf_counter() - began < 0.5


def test_weekdays_agree_with_the_calendar():
    names = "mandag tirsdag onsdag torsdag fredag lørdag søndag".split()
    for days in range(1, 8):
        day = date(2026, 1, 14) - timedelta(days)
        outcome = date_time.read(ASKED, f"sist {names[day.weekday()]}", context())
        assert readings(outcome) == day.isoformat()
