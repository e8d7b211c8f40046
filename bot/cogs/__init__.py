"""One module per feature: commands that read the input, ask a service and show the answer."""
