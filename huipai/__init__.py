"""Huipai 慧拍: a sub-district and its residents run grid governance together."""
