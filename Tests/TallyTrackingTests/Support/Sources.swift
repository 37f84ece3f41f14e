/// Small programs in several languages with marked places, twins among them.
enum MarkedSources {
  static let all: [(path: String, text: String)] = [
    ("app/cache.py", python), ("Sources/Cache.swift", swift), ("src/cache.c", c),
    ("web/cache.js", javaScript),
  ]

  static let python = """
    import os
    import 1️⃣redis
    from app import manager

    class Cache:
        def __init__(self, host):
            self.client = 2️⃣redis.Redis(host=host, port=6379)
            self.log = os.environ.get("LOG")

        def get(self, key):
            client = 3️⃣redis.Redis(host="localhost", port=6379)
            value = client.get(key)
            return value

        def put(self, key, value):
            client = 4️⃣redis.Redis(host="localhost", port=6379)
            client.set(key, value)

        def drop(self, key):
            client = 5️⃣redis.Redis(host="localhost", port=6379)
            client.delete(key)

    def connect(url):
        return 6️⃣redis.from_url(url)

    """

  static let swift = """
    import Foundation

    struct Cache {
      let folder: URL

      func load(_ name: String) -> Data? {
        let data = 1️⃣try! Data(contentsOf: folder.appendingPathComponent(name))
        return data
      }

      func save(_ data: Data, _ name: String) {
        2️⃣try! data.write(to: folder.appendingPathComponent(name))
      }

      func copy(_ data: Data, _ name: String) {
        3️⃣try! data.write(to: folder.appendingPathComponent(name))
        print("größe 😀", 4️⃣data.count as! Int)
      }
    }

    """

  static let c = """
    #include <string.h>
    #include <stdio.h>

    static void copy(char *to, const char *from) {
      1️⃣strcpy(to, from);
    }

    int main(int argc, char **argv) {
      char name[16];
      char other[16];
      2️⃣strcpy(name, argv[1]);
      3️⃣strcpy(other, argv[1]);
      copy(name, other);
      4️⃣sprintf(name, "%s", argv[2]);
      return 0;
    }

    """

  static let javaScript = """
    const fs = require("fs");

    function load(name) {
      const text = fs.readFileSync(name);
      return 1️⃣eval(text);
    }

    export class Cache {
      get(key) {
        if (key 2️⃣== null) return null;
        return this.map.get(key);
      }

      put(key, value) {
        if (key 3️⃣== null) return null;
        this.map.set(key, 4️⃣eval(value));
      }
    }

    """
}
