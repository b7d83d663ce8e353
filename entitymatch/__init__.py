"""Match Chinese and English organisation names."""
