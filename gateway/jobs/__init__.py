"""What is done without anybody waiting at a door: sending, timers, alerts, looking things up."""
