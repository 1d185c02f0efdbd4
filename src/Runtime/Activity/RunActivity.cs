using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Activity;

/// <summary>What a text moves in the banks of a chip: its tokens pass the masks in the fabric's own arithmetic, and toggles are
/// counted.</summary>
/// <param name="Roles">Matrices of one role together, in the order of the chip.</param>
/// <param name="Total">All of them, weighed by multiplications.</param>
/// <param name="Tokens">Tokens counted.</param>
public sealed record RunActivity(IReadOnlyList<RoleActivity> Roles, DataToggles Total, int Tokens)
{
    private const int Batch = 32;

    /// <summary>Counts a text.</summary>
    /// <param name="folder">Chip image.</param>
    /// <param name="tokens">Prompt and answer, at least one.</param>
    /// <param name="threads">Threads of the kernels.</param>
    /// <param name="cancel">Stops between layers.</param>
    /// <exception cref="InputException">The model does not decode token by token, or the widths of the fabric are not defined.</exception>
    public static RunActivity Of(string folder, IReadOnlyList<int> tokens, int threads, CancellationToken cancel = default)
    {
        using var chip = WiredChip.Open(folder, cancel);
        if (!chip.Description.Model.Causal)
            throw new InputException("--activity counts models that decode token by token; this one fills a canvas");
        var fabric = chip.Description.Fabric;
        using var computing = new SimdKernels(Numerics.Hardware, HardwareNumerics.Of(fabric), threads);
        using var counting = new ActivityKernels(computing, fabric);
        using (var pass = new ForwardPass(chip, counting, Math.Min(Batch, tokens.Count), tokens.Count))
        {
            using var sequence = pass.NewSequence(tokens.Count);
            pass.Evaluate(sequence, [.. tokens], new float[pass.VocabularySize], cancel);
        }

        RoleActivity[] roles =
        [
            .. chip
                .Description.Matrices.Select(m => (m.Role, Activity: counting.Of(chip.Matrix(m.Name))))
                .Where(m => m.Activity is { Tokens: > 0 })
                .GroupBy(m => m.Role, m => m.Activity!)
                .Select(g => RoleActivity.Of(g.Key, [.. g])),
        ];
        return new(roles, RoleActivity.Mean(roles.Select(r => (r.Toggles, r.Macs))), tokens.Count);
    }
}
