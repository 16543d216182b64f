"""The plain frozen values that all rooms share: plans, forms, periods, obligations."""
