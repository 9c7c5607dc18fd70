"""What reads it: classifiers. torch lives in this package only; numpy arrays leave it."""
