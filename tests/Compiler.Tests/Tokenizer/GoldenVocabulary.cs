using System.IO.Compression;
using System.Text.Json;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Reference vocabularies and their texts.</summary>
internal static class GoldenVocabulary
{
    private static readonly Dictionary<string, (TokenizerData Data, TextTokenizer Tokenizer)> Loaded = new(StringComparer.Ordinal);

    public static TokenizerData Data(string name) => Get(name).Data;

    public static TextTokenizer Tokenizer(string name) => Get(name).Tokenizer;

    public static string[] Mixed() => JsonSerializer.Deserialize<string[]>(File.ReadAllText(Shared.Path("golden/vocab/mixed.json")))!;

    public static JsonElement MixedIds(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden/vocab/mixed-ids.json")));
        return document.RootElement.GetProperty(name).Clone();
    }

    /// <summary>Tests of an .inp file with the ids of the .out file beside it.</summary>
    public static IEnumerable<(string Text, int[] Ids)> Pairs(string file)
    {
        var texts = File.ReadAllText(Shared.Path($"golden/vocab/{file}.inp")).Split("\n__ggml_vocab_test__\n");
        var lines = File.ReadAllText(Shared.Path($"golden/vocab/{file}.out")).Split('\n');
        for (var i = 0; i < texts.Length; i++)
            yield return (texts[i], [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
    }

    private static (TokenizerData Data, TextTokenizer Tokenizer) Get(string name)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(name, out var entry))
            {
                var data = Read(
                    Shared.Path(
                        name switch
                        {
                            "stories260K" => "golden/stories260K/stories260K-f32.gguf",
                            "vocab-qwen3" => "golden/vocab/vocab-qwen3.gguf.gz",
                            _ => $"golden/vocab/{name}.gguf",
                        }
                    )
                );
                Loaded[name] = entry = (data, TextTokenizer.Create(data));
            }
            return entry;
        }
    }

    private static TokenizerData Read(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var file = GgufFile.Open(path);
            return TokenizerFromGguf.Read(file)!;
        }
        using var folder = new TemporaryFolder();
        var unpacked = folder.File("vocabulary.gguf");
        using (var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
        using (var target = File.Create(unpacked))
            packed.CopyTo(target);
        return Read(unpacked);
    }
}
