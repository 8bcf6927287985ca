"""Says why a wrong answer is wrong, after the verdict. Changes words, never an outcome or points."""
