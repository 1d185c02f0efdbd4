using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Training.Model;
using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Export;

/// <summary>Writes a trained model as GGUF for llama.cpp: matrices in F16, norm gains in F32, byte-level tokenizer "gpt-2".</summary>
public static class ModelFile
{
    private const uint MostlyF16 = 1;
    private const int NormalToken = 1;
    private const int ControlToken = 3;

    /// <summary>Writes the file under a temporary name and renames it.</summary>
    public static void Save(string path, ParameterLayout layout, float[] parameters, BpeVocabulary vocabulary)
    {
        var writer = new GgufWriter();
        AddMetadata(writer, layout);
        AddTokenizer(writer, vocabulary);
        foreach (var block in layout.Blocks)
            AddTensor(writer, block, parameters);
        writer.Save(path);
    }

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <remarks>For checking the program's own output: sizes are taken as the file states them.</remarks>
    /// <exception cref="InputException">It is no GGUF file, or not one of this program's.</exception>
    public static StoredModel Load(string path)
    {
        using var file = GgufFile.Open(path);
        var layout = new ParameterLayout(ReadShape(file.Metadata));
        var parameters = new float[layout.Count];
        foreach (var block in layout.Blocks)
        {
            var tensor = block.IsNorm ? file.Tensor(block.Name, block.Columns) : file.Tensor(block.Name, block.Columns, block.Rows);
            for (var row = 0; row < block.Rows; row++)
                tensor.DecodeRow(row, block.Of(parameters).Slice(row * block.Columns, block.Columns));
        }
        try
        {
            var vocabulary = BpeVocabulary.Parse(
                file.Metadata.GetStrings("tokenizer.ggml.tokens"),
                file.Metadata.GetStrings("tokenizer.ggml.merges")
            );
            return new StoredModel(layout, parameters, vocabulary);
        }
        catch (FormatException e)
        {
            throw new InputException($"{path}: not a tokenizer of this program: {e.Message} Give a model that it wrote.", e);
        }
    }

    /// <summary>The parameters as the file holds them: matrices rounded to F16, to nearest even.</summary>
    public static float[] RoundAsStored(ParameterLayout layout, float[] parameters)
    {
        var rounded = (float[])parameters.Clone();
        foreach (var block in layout.Blocks.Where(b => !b.IsNorm))
        foreach (ref var p in block.Of(rounded))
            p = (float)(Half)p;
        return rounded;
    }

    private static void AddMetadata(GgufWriter writer, ParameterLayout layout)
    {
        var shape = layout.Shape;
        writer.Add("general.architecture", "llama");
        writer.Add("general.type", "model");
        writer.Add("general.name", $"TaalasSim Stories {layout.Count / 1e6:0.0}M");
        writer.Add("general.author", "TaalasSim contributors");
        writer.Add("general.license", "MIT");
        writer.Add("general.description", "Demonstration model, trained on stories from a grammar; writes short stories in plain English.");
        writer.AddArray("general.languages", ["en"]);
        writer.Add("general.file_type", MostlyF16);
        writer.Add("llama.context_length", (uint)shape.Context);
        writer.Add("llama.embedding_length", (uint)shape.Width);
        writer.Add("llama.block_count", (uint)shape.Layers);
        writer.Add("llama.feed_forward_length", (uint)shape.FeedForward);
        writer.Add("llama.attention.head_count", (uint)shape.Heads);
        writer.Add("llama.attention.head_count_kv", (uint)shape.KeyHeads);
        writer.Add("llama.attention.key_length", (uint)shape.HeadSize);
        writer.Add("llama.attention.value_length", (uint)shape.HeadSize);
        writer.Add("llama.attention.layer_norm_rms_epsilon", shape.NormEpsilon);
        writer.Add("llama.rope.dimension_count", (uint)shape.HeadSize);
        writer.Add("llama.rope.freq_base", shape.RopeBase);
        writer.Add("llama.vocab_size", (uint)shape.Vocabulary);
    }

    private static ModelShape ReadShape(GgufMetadata metadata) =>
        new()
        {
            Vocabulary = (int)metadata.Get<uint>("llama.vocab_size"),
            Width = (int)metadata.Get<uint>("llama.embedding_length"),
            Layers = (int)metadata.Get<uint>("llama.block_count"),
            Heads = (int)metadata.Get<uint>("llama.attention.head_count"),
            KeyHeads = (int)metadata.Get<uint>("llama.attention.head_count_kv"),
            FeedForward = (int)metadata.Get<uint>("llama.feed_forward_length"),
            Context = (int)metadata.Get<uint>("llama.context_length"),
            RopeBase = metadata.Get<float>("llama.rope.freq_base"),
            NormEpsilon = metadata.Get<float>("llama.attention.layer_norm_rms_epsilon"),
        };

    private static void AddTokenizer(GgufWriter writer, BpeVocabulary vocabulary)
    {
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", "gpt-2");
        writer.AddArray("tokenizer.ggml.tokens", vocabulary.TokenTexts());
        writer.AddArray(
            "tokenizer.ggml.token_type",
            Enumerable.Range(0, vocabulary.Size).Select(i => i >= vocabulary.Begin ? ControlToken : NormalToken).ToArray()
        );
        writer.AddArray("tokenizer.ggml.merges", vocabulary.MergeTexts());
        writer.Add("tokenizer.ggml.bos_token_id", (uint)vocabulary.Begin);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)vocabulary.End);
        writer.Add("tokenizer.ggml.add_bos_token", true);
        writer.Add("tokenizer.ggml.add_eos_token", false);
    }

    private static void AddTensor(GgufWriter writer, ParameterBlock block, float[] parameters)
    {
        var values = block.Of(parameters);
        if (block.IsNorm)
            writer.AddTensor(block.Name, CodeFormats.Named("f32"), [block.Columns], MemoryMarshal.AsBytes(values).ToArray());
        else
        {
            var halves = new Half[values.Length];
            for (var i = 0; i < halves.Length; i++)
                halves[i] = (Half)values[i];
            writer.AddTensor(
                block.Name,
                CodeFormats.Named("f16"),
                [block.Columns, block.Rows],
                MemoryMarshal.AsBytes(halves.AsSpan()).ToArray()
            );
        }
    }
}
