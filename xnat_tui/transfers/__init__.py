"""The engine that moves and proves the bytes of one job. It asks services nothing and queues nothing."""
