using System.Text;
using System.Text.Json.Nodes;

namespace TaalasSim.Support;

/// <summary>The folder of a very small model: two heads of four, one layer, a vocabulary of the 256 bytes, one merge and two added
/// tokens.</summary>
public sealed class TinyFolder : IDisposable
{
    public const int Width = 8,
        Heads = 2,
        KvHeads = 1,
        FeedForward = 12,
        Tokens = 260;

    private readonly TemporaryFolder _folder = new();

    /// <summary>A folder of a class.</summary>
    /// <param name="modelClass">Class in config.json.</param>
    /// <param name="tensors">Names and shapes; null takes those of a Llama.</param>
    public TinyFolder(string modelClass = "LlamaForCausalLM", (string Name, long[] Shape)[]? tensors = null)
    {
        Config = new JsonObject
        {
            ["architectures"] = new JsonArray(modelClass),
            ["hidden_size"] = Width,
            ["intermediate_size"] = FeedForward,
            ["num_hidden_layers"] = 1,
            ["num_attention_heads"] = Heads,
            ["num_key_value_heads"] = KvHeads,
            ["vocab_size"] = Tokens,
            ["max_position_embeddings"] = 64,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["eos_token_id"] = 258,
        };
        Tokenizer = MakeTokenizer();
        TokenizerConfig = new JsonObject { ["eos_token"] = "<|end|>", ["bos_token"] = "<|end|>" };
        Weights = SafetensorsBytes.Of(tensors ?? LlamaTensors);
    }

    /// <summary>Tensors of a Llama of this size.</summary>
    public static (string Name, long[] Shape)[] LlamaTensors =>
        [
            ("model.embed_tokens.weight", [Tokens, Width]),
            ("model.norm.weight", [Width]),
            ("model.layers.0.input_layernorm.weight", [Width]),
            ("model.layers.0.post_attention_layernorm.weight", [Width]),
            ("model.layers.0.self_attn.q_proj.weight", [Width, Width]),
            ("model.layers.0.self_attn.k_proj.weight", [Width / 2, Width]),
            ("model.layers.0.self_attn.v_proj.weight", [Width / 2, Width]),
            ("model.layers.0.self_attn.o_proj.weight", [Width, Width]),
            ("model.layers.0.mlp.gate_proj.weight", [FeedForward, Width]),
            ("model.layers.0.mlp.up_proj.weight", [FeedForward, Width]),
            ("model.layers.0.mlp.down_proj.weight", [Width, FeedForward]),
        ];

    public JsonObject Config { get; }

    public JsonObject Tokenizer { get; set; }

    public JsonObject? TokenizerConfig { get; set; }

    public byte[] Weights { get; set; }

    /// <summary>The folder, its files written as they now are.</summary>
    public string Written()
    {
        Write("config.json", Config.ToJsonString());
        Write("tokenizer.json", Tokenizer.ToJsonString());
        if (TokenizerConfig is not null)
            Write("tokenizer_config.json", TokenizerConfig.ToJsonString());
        _folder.File("model.safetensors", Weights);
        return _folder.Path;
    }

    public string Path => _folder.Path;

    public string Target => _folder.File("out.gguf");

    /// <summary>Writes another file.</summary>
    public void Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Writes another file.</summary>
    public void Write(string name, byte[] bytes) => _folder.File(name, bytes);

    public void Dispose() => _folder.Dispose();

    /// <summary>A SentencePiece model of some pieces: field 1 of each is the text, 2 the score, 3 the type.</summary>
    public static byte[] SentencePieces(params (string Text, float Score, int Type)[] pieces)
    {
        var bytes = new List<byte>();
        foreach (var (text, score, type) in pieces)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            byte[] piece = [0x0A, (byte)utf8.Length, .. utf8, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)type];
            bytes.AddRange([0x0A, (byte)piece.Length, .. piece]);
        }

        return [.. bytes];
    }

    /// <summary>The printable character of a byte (GPT-2's alphabet).</summary>
    public static string Letter(int value)
    {
        static bool IsItself(int b) => b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        return ((char)(IsItself(value) ? value : 0x100 + Enumerable.Range(0, value).Count(b => !IsItself(b)))).ToString();
    }

    private static JsonObject MakeTokenizer()
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary[Letter(value)] = value;
        vocabulary["th"] = 256;
        static JsonObject Added(int id, string text, bool special) =>
            new()
            {
                ["id"] = id,
                ["content"] = text,
                ["special"] = special,
                ["normalized"] = false,
            };
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(257, "<note>", false), Added(258, "<|end|>", true)),
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "ByteLevel",
                ["add_prefix_space"] = false,
                ["use_regex"] = true,
            },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray("t h"),
            },
        };
    }
}
