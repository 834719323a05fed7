npx @enjamb/testing serve --script turns.json --port 8787
