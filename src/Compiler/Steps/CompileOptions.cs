using TaalasSim.ChipModel.Fabric;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Compiler.Steps;

/// <summary>What to compile onto what.</summary>
public sealed record CompileOptions
{
    public required FabricSpec Fabric { get; init; }

    /// <summary><c>preserve</c> or a code format; the name under which chip.yaml records a <see cref="Plan"/>.</summary>
    public required string Weights { get; init; }

    /// <summary>Formats chosen tensor by tensor for this very model; null stores every tensor as <see cref="Weights"/> says.</summary>
    public WeightPlan? Plan { get; init; }

    /// <summary>Adapters merged into the weights before they are stored.</summary>
    public IReadOnlyList<AdapterFile> Merge { get; init; } = [];

    /// <summary>Adapters kept in SRAM beside the banks.</summary>
    public IReadOnlyList<AdapterFile> Sram { get; init; } = [];

    /// <summary>Tokens that one user must be able to hold; 0 takes the smallest of model context, fabric context and what the KV SRAM
    /// holds.</summary>
    public int Context { get; init; }

    /// <summary>Name and version of the program, for chip.yaml.</summary>
    public required string Compiler { get; init; }
}
