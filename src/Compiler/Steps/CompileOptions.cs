using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Compiler.Steps;

/// <summary>What to compile onto what.</summary>
public sealed record CompileOptions
{
    /// <summary>Fabric of the chip.</summary>
    public required FabricSpec Fabric { get; init; }

    /// <summary><c>preserve</c> or a code format; the name under which chip.yaml records a <see cref="Plan"/>.</summary>
    public required string Weights { get; init; }

    /// <summary>Formats chosen matrix by matrix for this very model; null stores every matrix as <see cref="Weights"/> says.</summary>
    public WeightPlan? Plan { get; init; }

    /// <summary>Adapters merged into the weights before they are stored.</summary>
    public IReadOnlyList<AdapterFile> Merge { get; init; } = [];

    /// <summary>Adapters kept in SRAM beside the banks.</summary>
    public IReadOnlyList<AdapterFile> Sram { get; init; } = [];

    /// <summary>Tokens that one user must be able to hold; 0 takes the smallest of model context, fabric context, what the KV SRAM holds
    /// and <see cref="UsualContext"/>.</summary>
    public int Context { get; init; }

    /// <summary>Tokens that a user is taken to need when <see cref="Context"/> is 0.</summary>
    public int UsualContext { get; init; } = int.MaxValue;

    /// <summary>Users at once.</summary>
    public int Users { get; init; } = 1;

    /// <summary>Process, for the size of the die against the exposure field; null leaves that out.</summary>
    public TechnologySpec? Technology { get; init; }

    /// <summary>Called with the folder of the complete image before it takes its place; it may add a signature.</summary>
    public Action<string>? Seal { get; init; }

    /// <summary>Opens the finished image in its temporary folder as it will be used, before it takes its place; throws when that fails.
    /// Null leaves that out.</summary>
    public Action<string, CancellationToken>? Open { get; init; }

    /// <summary>Name and version of the program, for chip.yaml.</summary>
    public string Compiler { get; init; } = "";
}
