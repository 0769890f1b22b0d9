"""DynamoDB: tables, keys, filters, pages and limits, on SQLite."""
