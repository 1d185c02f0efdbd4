using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Safetensors;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Makes a GGUF file of the folder of a Hugging Face model, with the tensors and keys that convert_hf_to_gguf.py of llama.cpp
/// makes.</summary>
public static class ConvertFolder
{
    /// <summary>Version of the quantised block layouts (GGML_QNT_VERSION).</summary>
    private const uint QuantizationVersion = 2;

    private const string Wanted = "the folder of a Hugging Face model";

    /// <summary>MOSTLY_MXFP4_MOE of enum llama_ftype.</summary>
    private const uint ExpertBlocks = 38;

    /// <summary>Whether a path is a folder with a model to convert.</summary>
    public static bool IsFolder(string path) => SafetensorsModel.IsModelFolder(path);

    /// <summary>Converts. The file appears under its name when it is complete and its model was checked; on a fault none is left.</summary>
    /// <param name="folder">Folder with config.json, safetensors and tokenizer files.</param>
    /// <param name="target">GGUF file to write.</param>
    /// <param name="options">Type and names.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">A file is missing or malformed, or the model is not converted.</exception>
    public static ConvertResult Write(
        string folder,
        string target,
        ConvertOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        if (!Directory.Exists(folder))
            throw new InputException(
                File.Exists(folder)
                    ? $"{folder}: {FileKind.Sentence(folder, Wanted) ?? "is a file, not " + Wanted}"
                    : $"{folder}: no such folder; give {Wanted}"
            );
        if (!ConvertOptions.Types.Contains(options.Type, StringComparer.Ordinal))
            throw new InputException($"--type {options.Type}: choose one of {string.Join(' ', ConvertOptions.Types)}");
        var parent = Path.GetDirectoryName(Path.GetFullPath(target))!;
        if (!Directory.Exists(parent))
            throw new InputException($"{target}: there is no folder {parent}; create it first");
        if (options.Pre is { } pre)
            _ = PreTokenizer.Named(pre);
        var config = ModelConfig.Read(folder);
        var kind = ModelClass.Of(config);
        using var model = SafetensorsModel.Open(folder);
        var (keys, tensors, vocabulary) = Plan(folder, config, kind, model, options);
        var type = TypeOf(options.Type, model);
        keys.Add("general.file_type", FileTypeId(type, tensors));
        keys.Add("general.quantization_version", QuantizationVersion);
        var writer = new GgufWriter();
        keys.WriteTo(writer);
        ConvertedTensorWriter.AddTo(writer, tensors, CodeFormats.Named(type), progress, cancel);
        Save(writer, folder, target);
        return new ConvertResult(
            target,
            kind.Architecture,
            type,
            tensors.Count,
            tensors.Sum(t => t.Elements),
            new FileInfo(target).Length,
            vocabulary.Pre,
            [.. vocabulary.Notes, .. model.Warnings, .. ConversionNotes.Of(folder, config, tensors)]
        );
    }

    private static (GgufKeys Keys, IReadOnlyList<ConvertedTensor> Tensors, ConvertedVocabulary Vocabulary) Plan(
        string folder,
        ModelConfig config,
        ModelClass kind,
        SafetensorsModel model,
        ConvertOptions options
    )
    {
        var rope = new RopeParameters(config);
        var files = new TokenizerFiles(folder);
        var keys = new GgufKeys(kind.Architecture);
        keys.Add("general.architecture", kind.Architecture);
        var vocabulary = ReadVocabulary.From(files, config, kind, options.Pre);
        IReadOnlyList<ConvertedTensor> tensors =
        [
            .. kind.RopeTensors(keys, config, rope),
            .. TensorPlan.For(model, config, kind, vocabulary.Tokens.Count),
        ];
        GeneralKeys.Write(keys, folder, options.Name, tensors);
        kind.Keys(keys, config, rope);
        vocabulary.WriteTo(keys);
        if (vocabulary.HasMerges)
            keys.Add("tokenizer.ggml.merges", files.Merges());
        SpecialVocabulary.Write(keys, files, config, vocabulary.HasMerges ? null : vocabulary.Tokens.Count);
        kind.VocabularyKeys(keys, config);
        return (keys, tensors, vocabulary);
    }

    // As the converter guesses: of the first matrix in a sixteen-bit type.
    private static string TypeOf(string wanted, SafetensorsModel model)
    {
        if (wanted != "auto")
            return wanted;
        var first = model.Tensors.FirstOrDefault(t => t.Shape.Count >= 2 && t.Type.Name is "BF16" or "F16");
        return first?.Type.Name == "BF16" ? "bf16" : "f16";
    }

    // Experts in blocks give the file its type, unless all else is in blocks too.
    private static uint FileTypeId(string type, IReadOnlyList<ConvertedTensor> tensors) =>
        !CodeFormats.Named(type).IsQuantised && tensors.Any(t => t.BlockType is not null) ? ExpertBlocks : FileType.Named(type).Id!.Value;

    private static void Save(GgufWriter writer, string folder, string target)
    {
        var unchecked_ = $"{Path.GetFullPath(target)}.{Environment.ProcessId}.unchecked";
        try
        {
            writer.Save(unchecked_);
            try
            {
                ImportedModel.Open(unchecked_).Dispose();
            }
            catch (InputException fault)
            {
                throw new InputException(fault.Message.Replace(unchecked_, folder, StringComparison.Ordinal), fault);
            }

            File.Move(unchecked_, target, overwrite: true);
        }
        finally
        {
            File.Delete(unchecked_);
        }
    }
}
