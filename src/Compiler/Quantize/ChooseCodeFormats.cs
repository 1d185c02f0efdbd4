using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;
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
        return [.. MatrixList.Matrices(model.Graph).Select(m => (m, IsPreserved(m, weights) ? CodeFormats.OfGgml((int)model.Tensor(m.Tensor).Type) : CodeFormats.Named(weights)))];
    }

    /// <summary>Formats when only the shape is known; routers are taken as F32.</summary>
    public static IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> ForShape(ModelGraph graph, string weights)
    {
        CheckName(weights);
        if (weights == Preserve)
            throw new InputException("--weights preserve needs a model file; for a shape name a code format such as rom4 or q8_0");
        return [.. MatrixList.Matrices(graph).Select(m => (m, CodeFormats.Named(m.Role == PortRole.Router ? "f32" : weights)))];
    }

    // Routers choose experts by close comparisons and are tiny: they keep their type.
    private static bool IsPreserved(MatrixUse matrix, string weights) => weights == Preserve || matrix.Role == PortRole.Router;

    private static void CheckName(string weights)
    {
        if (weights != Preserve)
            _ = CodeFormats.Named(weights);
    }
}
