-- Whether the engineer has paused telling where he is; it must outlive the app.
ALTER TABLE identity ADD COLUMN position_paused INTEGER NOT NULL DEFAULT 0;
