//! The shell: terminal, clock, threads, store and portal around the pure part.
