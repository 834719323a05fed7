curl http://127.0.0.1:8787/v1/messages \
  --header 'x-api-key: any' --header 'anthropic-version: 2026-10-21' \
  --data '{"model": "claude-haiku-5-5", "max_tokens": 100, "messages": [{"role": "user", "content": "Hello"}]}'
