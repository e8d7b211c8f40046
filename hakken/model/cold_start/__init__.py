"""Cold start: new anime are scored by their facts until they have ratings."""
