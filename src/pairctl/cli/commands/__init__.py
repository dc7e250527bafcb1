"""The commands, one a module. Each reads its options, calls the engine, and shows what came."""
