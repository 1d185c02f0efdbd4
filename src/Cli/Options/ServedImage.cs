using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Cli.Options;

/// <summary>The chip that <c>serve</c> serves: an image, or one compiled from a model and kept for the next start.</summary>
internal sealed record ServedImage
{
    // Fabrics in the order in which they are tried.
    private static readonly string[] Fabrics = ["demo", "edge", "hc1"];

    /// <summary>Folder of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The model's path, or the image's.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Users that the chip holds at once.</summary>
    public required int UserSlots { get; init; }

    /// <summary>Most tokens of a user.</summary>
    public required int LargestContext { get; init; }

    /// <summary>Parameters and bytes of the model's tensors; null when only the chip knows them.</summary>
    public (long Parameters, long Bytes)? Size { get; init; }

    /// <summary>Name of the model file's type.</summary>
    public required string FileType { get; init; }

    /// <summary>An image that is there.</summary>
    public static ServedImage Of(string image)
    {
        var chip = ChipDirectory.ReadDescription(image);
        return new ServedImage
        {
            Image = image,
            ModelPath = image,
            UserSlots = chip.Fabric.Card.UserSlots,
            LargestContext = CheckFit.LongestContext(chip.Model, chip.Fabric, users: 1, chip.Plan().AdapterBytes),
            FileType = chip.Source.Weights,
        };
    }

    /// <summary>A model as an image, compiled when no start before has done so.</summary>
    public static ServedImage Compiled(
        string model,
        string? fabric,
        string? weights,
        int users,
        IProgress<CompileProgress> progress,
        CancellationToken cancel
    )
    {
        var folder = Path.Combine(CacheFolder(), Key(model, fabric, weights, users));
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Compile(model, fabric, weights, users, folder, progress, cancel);
        }
        using var file = GgufFile.Open(model);
        return Of(folder) with
        {
            ModelPath = model,
            Size = (file.Tensors.Sum(t => t.Rows * t.RowLength), file.Tensors.Sum(t => t.Bytes)),
            FileType = TypeOf(file),
        };
    }

    private static void Compile(
        string model,
        string? fabric,
        string? weights,
        int users,
        string folder,
        IProgress<CompileProgress> progress,
        CancellationToken cancel
    )
    {
        var choices =
            from name in fabric is null ? Fabrics : [fabric]
            let spec = ChipsFolder.Fabric(name)
            from format in weights is null ? new[] { "preserve", spec.DefaultWeights } : [weights]
            select (Spec: users > 0 ? WithUsers(spec, users) : spec, Format: format);
        string? last = null;
        foreach (var (spec, format) in choices.Distinct())
        {
            try
            {
                var options = new CompileOptions
                {
                    Fabric = spec,
                    Weights = format,
                    Users = Math.Max(1, users),
                    Compiler = Product.Name,
                };
                if (CompileModel.ToImage(model, folder, options, progress, cancel).Fits)
                    return;
                last = $"{model} does not fit {spec.Name} with weights {format}; './taalas fit' says why";
            }
            catch (InputException e) when (fabric is null && weights is null)
            {
                last = e.Message;
            }
        }
        throw new InputException(last ?? $"{model}: no fabric to compile onto");
    }

    private static FabricSpec WithUsers(FabricSpec spec, int users) =>
        FabricFile.Checked(spec with { Card = spec.Card with { UserSlots = users } }, $"--parallel {users} on {spec.Name}");

    private static string CacheFolder() =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "taalas",
            "images"
        );

    // A file that changed has another size or time; hashing a large one would take longer than compiling it.
    private static string Key(string model, string? fabric, string? weights, int users)
    {
        var file = new FileInfo(model);
        if (!file.Exists)
            throw new InputException($"{model}: there is no such file");
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\0{fabric}\0"
                + $"{weights}\0{users}\0{Product.Name}\0{ChipDescription.CurrentFormat}"
        );
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    private static string TypeOf(GgufFile file) =>
        file.Metadata.TryGet<uint>("general.file_type", out var id)
            ? id switch
            {
                0 => "all F32",
                1 => "F16",
                2 => "Q4_0",
                3 => "Q4_1",
                7 => "Q8_0",
                8 => "Q5_0",
                9 => "Q5_1",
                10 => "Q2_K - Medium",
                11 => "Q3_K - Small",
                12 => "Q3_K - Medium",
                13 => "Q3_K - Large",
                14 => "Q4_K - Small",
                15 => "Q4_K - Medium",
                16 => "Q5_K - Small",
                17 => "Q5_K - Medium",
                18 => "Q6_K",
                32 => "BF16",
                _ => "unknown, may not work",
            }
            : "all F32";
}
