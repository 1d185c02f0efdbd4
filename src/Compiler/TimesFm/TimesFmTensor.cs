namespace TaalasSim.Compiler.TimesFm;

/// <summary>A tensor that a model of given sizes has.</summary>
/// <param name="Name">Name in the checkpoint.</param>
/// <param name="Outputs">Rows of a matrix, or values of a vector.</param>
/// <param name="Inputs">Columns of a matrix; 0 for a vector.</param>
public readonly record struct TimesFmTensor(string Name, int Outputs, int Inputs)
{
    /// <summary>Whether it is a matrix.</summary>
    public bool IsMatrix => Inputs > 0;

    /// <summary>Numbers that it holds.</summary>
    public long Elements => (long)Outputs * Math.Max(1, Inputs);

    /// <summary>Shape as the checkpoint states it.</summary>
    public long[] Shape => IsMatrix ? [Outputs, Inputs] : [Outputs];
}
