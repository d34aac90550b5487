"""The technician's work: calculators, customers, jobs, due dates, readings, deficiencies, preferences."""
