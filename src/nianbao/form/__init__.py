"""From the lines of a report to the boxes of the form."""
