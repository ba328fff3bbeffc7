"""The commands of `gateway`, one file each."""
