mod properties {}
