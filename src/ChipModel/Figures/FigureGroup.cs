namespace TaalasSim.ChipModel.Figures;

/// <summary>What a figure is about; errors of the model are scored by these groups.</summary>
public enum FigureGroup
{
    /// <summary>Rates and times.</summary>
    Speed,

    /// <summary>Watts, joules and temperatures.</summary>
    Power,

    /// <summary>Silicon.</summary>
    Area,

    /// <summary>Dies per wafer, dollars and weeks.</summary>
    Cost,

    /// <summary>What memory holds.</summary>
    Memory,
}
