namespace TaalasSim.ChipModel.Files;

/// <summary>A record of a description whose fields depend on each other.</summary>
public interface ICheckedDescription
{
    /// <summary>What is wrong between fields. The range of each field is checked elsewhere, but not before: no value may be relied
    /// on.</summary>
    IEnumerable<FieldFault> Faults();
}
