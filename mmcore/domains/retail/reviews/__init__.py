"""Reviews in words: how much the writer likes a garment, and what is said of fit, fabric, colour, quality, price and comfort."""
