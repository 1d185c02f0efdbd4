using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.Quantize;

/// <summary>Chooses how each matrix is stored in ROM.</summary>
public static class ChooseCodeFormats
{
    /// <summary>Keeps every tensor's GGUF block type.</summary>
    public const string Preserve = "preserve";

    /// <summary>Formats for a model file.</summary>
    /// <param name="model">Model.</param>
    /// <param name="weights"><c>preserve</c> or a code format of the fabric.</param>
    public static IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> ForFile(ImportedModel model, string weights)
    {
        CheckName(weights);
        return
        [
            .. MatrixList
                .Matrices(model.Graph)
                .Select(m => (m, IsPreserved(m, weights) ? Preserved(model, m) : CodeFormats.Named(weights))),
        ];
    }

    // A merged adapter changes the weights, so they are encoded again in their own type; export-lora of llama.cpp makes them F16 instead,
    // which would change the chip's size.
    private static CodeFormat Preserved(ImportedModel model, MatrixUse matrix)
    {
        var tensor = model.Tensor(matrix.Tensor);
        if (model.IsMerged(tensor.Name) && !tensor.Type.CanEncode)
            throw new InputException(
                $"{tensor.FilePath}: tensor {tensor.Name}: an adapter is merged into it and {tensor.Type} cannot be encoded again; choose --weights rom4 or the like, keep the adapter in SRAM, or merge into the F16 original"
            );
        return CodeFormats.OfGgml(tensor.Type.GgmlType);
    }

    /// <summary>Formats when only the shape is known; routers are taken as F32.</summary>
    public static IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> ForShape(ModelGraph graph, string weights)
    {
        CheckName(weights);
        if (weights == Preserve)
            throw new InputException("--weights preserve needs a model file; for a shape name a code format such as rom4 or q8_0");
        return [.. MatrixList.Matrices(graph).Select(m => (m, CodeFormats.Named(m.Role == MatrixRole.Router ? "f32" : weights)))];
    }

    // Routers choose experts by close comparisons and are tiny: they keep their type.
    private static bool IsPreserved(MatrixUse matrix, string weights) => weights == Preserve || matrix.Role == MatrixRole.Router;

    private static void CheckName(string weights)
    {
        if (weights != Preserve)
            _ = CodeFormats.Named(weights);
    }
}
