"""What every room stands on: settings, AWS clients, time, logging, files, encryption."""
