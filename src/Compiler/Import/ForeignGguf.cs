using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>GGUF files that hold something else than a language model.</summary>
internal static class ForeignGguf
{
    /// <summary>Refuses such a file by what it is.</summary>
    /// <exception cref="InputException">The file is no language model.</exception>
    public static void Refuse(GgufFile file)
    {
        var meta = file.Metadata;
        var type = meta.Find("general.type") is { Type: GgufValueType.String } value ? value.Text() : "";
        var architecture = meta.Find("general.architecture") is { Type: GgufValueType.String } named ? named.Text() : "";
        var (kind, advice) =
            type == "imatrix" || meta.Contains("imatrix.chunk_count") || meta.Contains("imatrix.datasets")
                ? ("an importance matrix", "give it to 'quantize --imatrix' or to '--weights auto --imatrix', beside a model")
            : type == "adapter" || meta.Contains("adapter.type")
                ? ("an adapter", "give it to 'compile --lora' or '--lora-sram', beside its model")
            : type == "mmproj" || architecture == "clip"
                ? ("the picture or sound part of a model (mmproj)", "give the language model that belongs to it")
            : type == "controlvector" || architecture == "controlvector" ? ("a control vector", "give a model")
            : file.Tensors.Count == 0 && meta.Contains("tokenizer.ggml.model")
                ? ("a vocabulary without weights", "give the model's own file")
            : ("", "");
        if (kind.Length > 0)
            throw new InputException($"{file.Path}: is {kind}, not a model; {advice}");
    }
}
