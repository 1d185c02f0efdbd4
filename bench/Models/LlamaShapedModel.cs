using System.Globalization;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Bench.Models;

/// <summary>Writes Llama-shaped GGUF files of seeded weights that llama.cpp loads as well as we do.</summary>
internal static class LlamaShapedModel
{
    private const int Seed = 1,
        FirstByteToken = 3,
        Bytes = 256;
    private const int UnknownType = 2,
        ControlType = 3,
        ByteType = 6,
        NormalType = 1;

    /// <summary>The file of that shape and type in a folder; written when it is not there yet.</summary>
    public static string InFolder(string folder, LlamaShape shape, string fileType)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"llama-{shape.Name}-{fileType}.gguf");
        if (!File.Exists(path))
            Write(path, shape, fileType);
        return path;
    }

    /// <summary>Writes the file tensor by tensor; no more than the pool of weights is held.</summary>
    public static void Write(string path, LlamaShape shape, string fileType)
    {
        var writer = new GgufWriter();
        AddHyperParameters(writer, shape, fileType);
        AddTokenizer(writer, shape.Vocabulary);
        var pool = new WeightPool(Seed);
        var seed = 0;
        foreach (var tensor in LlamaTensors.Of(shape, fileType))
        {
            var rows = ++seed;
            if (tensor.Rows == 1)
                writer.AddTensor(tensor.Name, tensor.Type, tensor.Dimensions, Ones(tensor.Columns));
            else
                writer.AddTensor(tensor.Name, tensor.Type, tensor.Dimensions, stream => pool.Write(stream, tensor, rows));
        }

        writer.Save(path);
    }

    private static void AddHyperParameters(GgufWriter writer, LlamaShape shape, string fileType)
    {
        writer.Add("general.architecture", "llama");
        writer.Add("general.name", $"llama-shaped {shape.Name}");
        writer.Add("general.file_type", LlamaTensors.FileTypeId(fileType));
        writer.Add("general.quantization_version", 2u);
        writer.Add("llama.block_count", (uint)shape.Layers);
        writer.Add("llama.context_length", (uint)shape.Context);
        writer.Add("llama.embedding_length", (uint)shape.Width);
        writer.Add("llama.feed_forward_length", (uint)shape.FeedForward);
        writer.Add("llama.attention.head_count", (uint)shape.Heads);
        writer.Add("llama.attention.head_count_kv", (uint)shape.KvHeads);
        writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add("llama.rope.dimension_count", (uint)(shape.Width / shape.Heads));
        writer.Add("llama.rope.freq_base", 10_000f);
        if (shape.Experts > 0)
        {
            writer.Add("llama.expert_count", (uint)shape.Experts);
            writer.Add("llama.expert_used_count", (uint)shape.ExpertsUsed);
        }

        writer.Add("llama.vocab_size", (uint)shape.Vocabulary);
    }

    // A sentence-piece vocabulary: unknown, begin, end, every byte, then words that spell their number.
    private static void AddTokenizer(GgufWriter writer, int vocabulary)
    {
        var tokens = new string[vocabulary];
        var scores = new float[vocabulary];
        var types = new int[vocabulary];
        (tokens[0], tokens[1], tokens[2]) = ("<unk>", "<s>", "</s>");
        (types[0], types[1], types[2]) = (UnknownType, ControlType, ControlType);
        for (var i = FirstByteToken; i < vocabulary; i++)
        {
            var word = i - FirstByteToken - Bytes;
            (tokens[i], types[i], scores[i]) =
                word < 0 ? ($"<0x{i - FirstByteToken:X2}>", ByteType, 0) : ("▁" + Spelled(word), NormalType, -word);
        }

        writer.Add("tokenizer.ggml.model", "llama");
        writer.Add("tokenizer.ggml.pre", "default");
        writer.AddArray("tokenizer.ggml.tokens", tokens);
        writer.AddArray("tokenizer.ggml.scores", scores);
        writer.AddArray("tokenizer.ggml.token_type", types);
        writer.Add("tokenizer.ggml.bos_token_id", 1u);
        writer.Add("tokenizer.ggml.eos_token_id", 2u);
        writer.Add("tokenizer.ggml.unknown_token_id", 0u);
    }

    private static string Spelled(int number) =>
        string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + (digit - '0'))));

    private static byte[] Ones(int count)
    {
        var bytes = new byte[4 * count];
        CodeFormats.Named("f32").Encode(Enumerable.Repeat(1f, count).ToArray(), bytes);
        return bytes;
    }
}
