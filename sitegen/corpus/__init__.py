"""What was written: records, their segmentation, and the word vectors a model reads them with."""
