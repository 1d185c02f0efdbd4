using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.Quantize;

/// <summary>Chooses how each matrix is stored in ROM.</summary>
public static class ChooseCodeFormats
{
    /// <summary>Keeps every tensor's GGUF block type.</summary>
    public const string Preserve = "preserve";

    /// <summary>Formats that matrices can be encoded in, as a person types them: the fabric's own, then those of GGUF.</summary>
    public static IEnumerable<CodeFormat> Encodable => CodeFormats.All.Where(Encodes).OrderBy(f => f.GgmlType >= 0);

    /// <summary>Formats for a model file.</summary>
    /// <param name="model">Model.</param>
    /// <param name="weights"><c>preserve</c> or a code format.</param>
    /// <exception cref="InputException">A matrix cannot be stored so.</exception>
    public static IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> ForFile(ImportedModel model, string weights)
    {
        var wanted = Wanted(weights);
        return [.. MatrixList.Matrices(model.Graph).Select(m => (m, FormatOf(model, m, wanted, weights)))];
    }

    // Routers choose experts by close comparisons and are tiny: they keep their type.
    private static CodeFormat FormatOf(ImportedModel model, MatrixUse matrix, CodeFormat? wanted, string weights)
    {
        var tensor = model.Tensor(matrix.Tensor);
        var type = tensor.Type;
        var where = $"{tensor.FilePath}: tensor {tensor.Name}";
        if (!type.HoldsWeights)
            throw new InputException($"{where}: its type {type} holds no weights; convert the model again");
        var format = wanted is null || matrix.Role == MatrixRole.Router ? type : wanted;
        if (!format.HasProduct)
            throw new InputException($"{where}: {format} cannot be multiplied, neither here nor by llama.cpp; store it with --weights f32");
        if (format == type && !model.IsMerged(tensor.Name))
            return format;
        if (format == type && !format.CanEncode)
            throw new InputException(
                $"{where}: an adapter is merged into it and {type} cannot be encoded again; choose --weights rom4 or the like, keep "
                    + "the adapter in SRAM, or merge into the F16 original"
            );
        if (!Encodes(format))
            throw new InputException(
                $"--weights {weights}: {where} is {type}, and {format} can be kept but not encoded; choose one of {Names}"
            );
        return RowFault(format, matrix) is { } fault ? throw new InputException($"--weights {weights}: {where}: {fault}") : format;
    }

    // Rows of the fabric's own formats are filled up with zeros; the blocks of GGUF types never cross rows.
    private static string? RowFault(CodeFormat format, MatrixUse matrix) =>
        format.GgmlType < 0 || matrix.Inputs % format.BlockWeights == 0
            ? null
            : $"rows of {matrix.Inputs} weights do not fill whole {format} blocks of {format.BlockWeights}; choose "
                + $"{string.Join(", ", Fitting(matrix, format).Select(f => f.Name))} or a rom format";

    // The formats nearest in width whose blocks its rows fill.
    private static IEnumerable<CodeFormat> Fitting(MatrixUse matrix, CodeFormat wanted) =>
        CodeFormats
            .All.Where(f => f.GgmlType >= 0 && Encodes(f) && matrix.Inputs % f.BlockWeights == 0)
            .OrderBy(f => Math.Abs(f.BitsPerWeight - wanted.BitsPerWeight))
            .ThenBy(f => f.Name, StringComparer.Ordinal)
            .Take(4);

    private static bool Encodes(CodeFormat format) => format.HasProduct && (format.GgmlType < 0 || format.CanEncode);

    private static string Names => string.Join(' ', Encodable.Select(f => f.Name));

    /// <summary>Formats when only the shape is known; routers are taken as F32.</summary>
    /// <exception cref="InputException">Rows of a matrix do not fill the format's blocks.</exception>
    public static IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> ForShape(ModelGraph graph, string weights)
    {
        var wanted = Wanted(weights)
            ?? throw new InputException("--weights preserve needs a model file; for a shape name a code format such as rom4 or q8_0");
        if (!wanted.HasProduct)
            throw new InputException($"--weights {weights}: {wanted} cannot be multiplied; choose one of {Names}");
        return [.. MatrixList.Matrices(graph).Select(m => (m, m.Role == MatrixRole.Router ? CodeFormats.Named("f32") : Checked(m)))];

        CodeFormat Checked(MatrixUse matrix) =>
            RowFault(wanted, matrix) is { } fault
                ? throw new InputException($"--weights {weights}: {graph.Shape.Name}: matrix {matrix.PortName}: {fault}")
                : wanted;
    }

    // The format of all matrices, or null for preserve.
    private static CodeFormat? Wanted(string weights) =>
        weights == ChooseWeightBits.Auto
            ? throw new InputException(
                $"--weights {weights}: is chosen by measurement, which compile and fit do; here give {Preserve} or one of {Names}"
            )
        : string.Equals(weights, Preserve, StringComparison.OrdinalIgnoreCase) ? null
        : CodeFormats.All.FirstOrDefault(f => string.Equals(f.Name, weights, StringComparison.OrdinalIgnoreCase)) is { } format ? format
        : FileType.All.Any(t => string.Equals(t.Name, weights, StringComparison.OrdinalIgnoreCase))
            ? throw new InputException(
                $"--weights {weights}: is a mix of several types; write it first with './taalas quantize MODEL OUT {weights}' and "
                    + $"compile OUT with --weights {Preserve}"
            )
        : throw new InputException(
            $"--weights {weights}: no such format; choose {Preserve}, auto, or one of "
                + $"{Names}{NearestName.Hint(weights, CodeFormats.All.Select(f => f.Name).Append(Preserve))}"
        );
}
