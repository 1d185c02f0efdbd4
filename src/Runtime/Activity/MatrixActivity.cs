using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Activity;

/// <summary>What the weights and the activations of one matrix move, counted on a sample of its columns.</summary>
public sealed class MatrixActivity
{
    private readonly SampledBank[] _banks;
    private readonly ToggleWidths _widths;
    private long _activationToggles;
    private long _activationBits;
    private long _columnToggles;
    private long _columnBits;
    private long _zeroActivations;
    private long _activations;

    private MatrixActivity(SampledBank[] banks, ToggleWidths widths, long macs) => (_banks, _widths, Macs) = (banks, widths, macs);

    /// <summary>Multiplications of one token.</summary>
    public long Macs { get; }

    /// <summary>Tokens counted.</summary>
    public long Tokens { get; private set; }

    /// <summary>Weights that are 0, share of the sample.</summary>
    public double ZeroWeights => Share(_banks.Sum(b => b.ZeroWeights), _banks.Sum(b => b.Weights), 0);

    /// <summary>Activations that are 0, share.</summary>
    public double ZeroActivations => Share(_zeroActivations, _activations, 0);

    /// <summary>Whether columns were counted; formats without integer codes are taken as random.</summary>
    public bool HasCodes => _columnBits > 0;

    /// <summary>What moves.</summary>
    public DataToggles Toggles =>
        new(
            Share(_banks.Sum(b => b.StoredOnes), _banks.Sum(b => b.StoredBits), DataToggles.RandomShare),
            Share(_activationToggles, _activationBits, DataToggles.RandomShare),
            Share(_columnToggles, _columnBits, DataToggles.RandomShare)
        );

    internal static MatrixActivity Of(BankedMatrix matrix, FabricSpec fabric)
    {
        // The first panel, and the middle one where it is another.
        int[] panels = matrix.PanelCount > 1 ? [0, matrix.PanelCount / 2] : [0];
        SampledBank[] banks =
        [
            .. from panel in panels from segment in Enumerable.Range(0, matrix.Segments) select SampledBank.Of(matrix, panel, segment),
        ];
        return new(banks, ToggleWidths.Of(fabric, matrix.Format.CodeBits), (long)matrix.Inputs * matrix.Outputs);
    }

    internal void Add(ReadOnlySpan<short> vector)
    {
        Tokens++;
        foreach (var a in vector)
            _zeroActivations += a == 0 ? 1 : 0;
        _activations += vector.Length;
        foreach (var bank in _banks)
        {
            var rows = vector.Slice(bank.InputStart, bank.Rows);
            _activationToggles += ToggleCounter.Activations(rows, _widths.Activation);
            _activationBits += (long)rows.Length * _widths.Activation;
            foreach (var column in bank.Columns ?? [])
                _columnToggles += ToggleCounter.Column(rows, column, _widths);
            _columnBits += (long)(bank.Columns?.Length ?? 0) * rows.Length * (_widths.Product + _widths.Sum);
        }
    }

    private static double Share(long part, long whole, double without) => whole == 0 ? without : (double)part / whole;
}
