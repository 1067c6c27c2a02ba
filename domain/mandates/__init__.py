"""General mandates: base, use, headroom and expiry."""
