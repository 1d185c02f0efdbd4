using System.IO.Compression;
using System.Text;
using System.Text.Json;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Tests.Support;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Reference vocabularies and their texts. Reads the model files with a few lines of its own, so that it needs no GGUF reader.</summary>
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
                var data = Read(Shared.Path(name switch
                {
                    "stories260K" => "golden/stories260K/stories260K-f32.gguf",
                    "vocab-qwen3" => "golden/vocab/vocab-qwen3.gguf.gz",
                    _ => $"golden/vocab/{name}.gguf",
                }));
                Loaded[name] = entry = (data, TextTokenizer.Create(data));
            }
            return entry;
        }
    }

    private static TokenizerData Read(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new BinaryReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        reader.ReadBytes(16);
        var keys = reader.ReadInt64();
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0L; i < keys; i++)
        {
            var key = ReadString(reader);
            values[key] = ReadValue(reader, reader.ReadInt32());
        }

        int? Id(string key) => values.TryGetValue($"tokenizer.ggml.{key}_token_id", out var id) ? (int)(uint)id : null;
        bool? Flag(string key) => values.TryGetValue($"tokenizer.ggml.{key}", out var flag) ? (bool)flag : null;
        T[]? Array<T>(string key) => values.TryGetValue($"tokenizer.ggml.{key}", out var array) ? [.. ((object[])array).Cast<T>()] : null;
        string? Text(string key) => values.TryGetValue(key, out var text) ? (string)text : null;

        return new TokenizerData
        {
            Model = Text("tokenizer.ggml.model")!,
            Pre = Text("tokenizer.ggml.pre"),
            ModelName = Text("general.name"),
            Architecture = Text("general.architecture"),
            Tokens = Array<string>("tokens")!,
            Scores = Array<float>("scores"),
            TokenTypes = Array<int>("token_type"),
            Merges = Array<string>("merges"),
            SpecialTokens = new SpecialTokenIds
            {
                Bos = Id("bos"),
                Eos = Id("eos"),
                Eot = Id("eot"),
                Unknown = Id("unknown"),
                Separator = Id("seperator"),
                Padding = Id("padding"),
                Mask = Id("mask"),
            },
            AddBos = Flag("add_bos_token"),
            AddEos = Flag("add_eos_token"),
            AddSpacePrefix = Flag("add_space_prefix"),
            RemoveExtraWhitespaces = Flag("remove_extra_whitespaces"),
            ChatTemplate = Text("tokenizer.chat_template"),
        };
    }

    private static string ReadString(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadInt64()));

    private static object ReadValue(BinaryReader reader, int type)
    {
        switch (type)
        {
            case 4: return reader.ReadUInt32();
            case 5: return reader.ReadInt32();
            case 6: return reader.ReadSingle();
            case 7: return reader.ReadBoolean();
            case 8: return ReadString(reader);
            case 9:
                var element = reader.ReadInt32();
                var values = new object[reader.ReadInt64()];
                for (var i = 0; i < values.Length; i++)
                    values[i] = ReadValue(reader, element);
                return values;
            default: throw new InvalidDataException($"value type {type} does not occur in the reference vocabularies");
        }
    }
}
