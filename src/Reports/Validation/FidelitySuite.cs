using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Reports.Validation;

/// <summary>Does the chip still say the same: logits computed from compiled masks with the reference numerics, equal to known ones in every
/// bit.</summary>
public static class FidelitySuite
{
    private const int Context = 512;

    /// <summary>The committed case, and every <c>NAME.gguf</c> with <c>NAME.logits.f32</c> under a folder of goldens.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="path">The committed case, <c>chips/measurements/fidelity.yaml</c>.</param>
    /// <param name="goldens">Folder with <c>tokens64.txt</c> and models with their logits; null for none.</param>
    /// <param name="compiler">Name of the program, for the images.</param>
    /// <param name="cancel">Stops between models.</param>
    public static ValidationReport Run(
        DesignLibrary library,
        string path,
        string? goldens,
        string compiler,
        CancellationToken cancel = default
    )
    {
        var rows = new List<ValidationRow>();
        var unmodelled = new List<UnmodelledRow>();
        using var folder = WorkFolder.Create();
        var work = folder.Path;
        var known = YamlReader.Read<FidelityCase>(path);
        var model = Path.Combine(Path.GetDirectoryName(path) ?? ".", known.Model);
        var logits = Logits(library.Fabric(known.Fabric), model, [.. known.Tokens], work, compiler, cancel);
        var digest = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(logits)));
        rows.Add(Row(Path.GetFileName(model), "embedded model", logits.Length, digest == known.LogitsSha256 ? logits.Length : 0));
        if (goldens is not null)
            Goldens(library, goldens, work, compiler, rows, unmodelled, cancel);

        return ValidationReport.Of(rows, unmodelled);
    }

    private static void Goldens(
        DesignLibrary library,
        string folder,
        string work,
        string compiler,
        List<ValidationRow> rows,
        List<UnmodelledRow> unmodelled,
        CancellationToken cancel
    )
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such folder; --goldens needs tokens64.txt, and NAME.gguf files with NAME.logits.f32");
        var tokens = Tokens(Path.Combine(folder, "tokens64.txt"));
        // Four dies: room for goldens whose rows are kept in 32-bit floats.
        var fabric = library.Fabric("demo") with { Dies = 4 };
        foreach (var model in Directory.EnumerateFiles(folder, "*.gguf", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(folder, model);
            var file = Path.ChangeExtension(model, ".logits.f32");
            if (!File.Exists(file))
            {
                unmodelled.Add(new UnmodelledRow("fidelity", name, "no logits file"));
                continue;
            }

            try
            {
                var logits = Logits(fabric, model, tokens, work, compiler, cancel);
                if (new FileInfo(file).Length != 4L * logits.Length)
                    throw new InputException(
                        $"{file}: {new FileInfo(file).Length} bytes where {tokens.Length} tokens of this model give {4L * logits.Length}"
                    );
                var expected = File.ReadAllBytes(file);
                var equal = 0;
                for (var i = 0; i < logits.Length; i++)
                    if (BitConverter.SingleToInt32Bits(logits[i]) == BitConverter.ToInt32(expected, 4 * i))
                        equal++;
                rows.Add(Row(name, "goldens", logits.Length, equal));
            }
            catch (InputException e)
            {
                unmodelled.Add(new UnmodelledRow("fidelity", name, e.Message));
            }
        }

        if (rows.All(r => r.Group != "goldens"))
            throw new InputException(
                $"{folder}: no NAME.gguf with NAME.logits.f32 that could be run; the first reason: "
                    + $"{unmodelled.FirstOrDefault()?.Reason ?? "no model"}"
            );
    }

    private static int[] Tokens(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: missing; it must hold the token ids of the golden logits, separated by spaces");
        return
        [
            .. File.ReadAllText(path)
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word =>
                    int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                        ? id
                        : throw new InputException($"{path}: '{word}' is not a token id")
                ),
        ];
    }

    private static float[] Logits(FabricSpec fabric, string model, int[] tokens, string work, string compiler, CancellationToken cancel)
    {
        var image = Path.Combine(work, "model.chip");
        var fit = CompileModel.ToImage(
            model,
            image,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = "preserve",
                Compiler = compiler,
            },
            cancel: cancel
        );
        if (!fit.Fits)
            throw new InputException($"{model} does not fit {fabric.Name}: {fit.Binding.Name}");
        using var chip = WiredChip.Open(image, cancel);
        if (tokens.Any(t => t >= chip.Description.Model.VocabularySize))
            throw new InputException($"{model}: a token id is outside its vocabulary of {chip.Description.Model.VocabularySize}");
        using var kernels = new SimdKernels(Numerics.Reference, null, Environment.ProcessorCount);
        using var pass = new ForwardPass(chip, kernels, tokens.Length, Context);
        using var sequence = pass.NewSequence(Context);
        var logits = new float[tokens.Length * pass.VocabularySize];
        pass.Evaluate(sequence, tokens, logits, cancel);
        return logits;
    }

    private static ValidationRow Row(string id, string group, int logits, int equal) =>
        new()
        {
            Suite = "fidelity",
            Id = id,
            Group = group,
            Role = "validation",
            Unit = "equal logits",
            Measured = logits,
            MeasuredLow = logits,
            MeasuredHigh = logits,
            Predicted = equal,
            Low = equal,
            High = equal,
            ErrorPct = ValidationRow.Error(equal, logits, logits),
            GatePct = 0,
        };
}
