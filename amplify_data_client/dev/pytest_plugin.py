"""Where the plugin was: environments that were installed before it moved still look for it here."""

pytest_plugins = ["_amplify_data_pytest"]
