"""tripsheet reads ambulance patient care reports and shows what they support."""
