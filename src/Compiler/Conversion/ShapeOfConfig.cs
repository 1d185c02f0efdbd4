using System.Text.Json;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Sizes of a Hugging Face model from its config.json alone, as its conversion would have them.</summary>
public static class ShapeOfConfig
{
    /// <summary>Reads the sizes.</summary>
    /// <param name="folder">Folder with config.json; nothing else of it is read.</param>
    /// <param name="name">Name of the model.</param>
    /// <exception cref="InputException">The file is missing or malformed, or models of its class are not converted.</exception>
    public static ModelShape Read(string folder, string name)
    {
        var config = ModelConfig.Read(folder);
        var kind = ModelClass.Of(config);
        var keys = new GgufKeys(kind.Architecture);
        keys.Add("general.architecture", kind.Architecture);
        keys.Add("general.name", name);
        kind.Keys(keys, config, new RopeParameters(config));
        // The keys become a file without layers, so that the reader of models checks and reads them as ever: an embedding of one column
        // says how many tokens there are.
        using var work = WorkFolder.Create();
        var path = Path.Combine(work.Path, "sizes.gguf");
        var writer = new GgufWriter();
        keys.WriteTo(writer);
        var vocabulary = (int)config.RequiredCount("vocab_size");
        writer.AddTensor("token_embd.weight", CodeFormats.Named("f32"), [1, vocabulary], new byte[4L * vocabulary]);
        writer.Save(path);
        using var file = GgufFile.Open(path);
        var shape = ReadModel.ShapeOf(file);
        return shape with
        {
            TiedEmbeddings =
                Architectures.Find(kind.Architecture)!.AlwaysTied
                || config.Find("tie_word_embeddings") is { ValueKind: JsonValueKind.True },
            Source = $"config.json of {name}",
        };
    }
}
