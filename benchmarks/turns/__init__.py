"""How many turns a second one gateway takes, as a part of what the same server does that only checks signatures.

    .venv/bin/python -m benchmarks.turns
    .venv/bin/python -m benchmarks.turns --seconds 5 --rounds 5 --connections 16 --connections 64
    .venv/bin/python -m benchmarks.turns --store postgresql://postgres@/postgres?host=/run/postgresql

It starts the real `gateway serve` with its `gateway work` on a store of its own, a stand-in of the provider, and
beside them the bare server: aiohttp behind the same edge, which checks the signature of the same posts and answers.
The two are loaded in turns, bare, gateway, bare, gateway; of each such pair the ratio is taken. Only these ratios
are worth comparing, because the machine may do other things meanwhile. The load comes from a process of its own,
signed beforehand, over kept connections, as the receipts do. All listens on loopback, and is ended and removed
afterwards.

The settings are those of production but for `CASELINE_DEVELOPMENT=1`, without which the provider must be https.

What is played: a danger in four texts and a power cut in six, by as many senders as there is time for. Nobody
waits for an answer as a person would: sending at 100 a second, far fewer answers leave than texts come in, and a
digit is no answer to a question that was not sent yet. So a round takes each conversation one text on at the most,
and between the rounds all that waits is marked as sent. How many texts of each kind were taken is printed, and what
became of the conversations.

The CPU of each layer comes from a round of its own, in which the boundaries of the layers are counted: those
figures are a few per cent too high, and the rates never come from there. The system's figures need Linux.
"""
