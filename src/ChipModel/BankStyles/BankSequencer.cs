using System.Numerics;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>Gates that every bank needs which takes a row a cycle, and the cells that several styles count with.</summary>
internal static class BankSequencer
{
    /// <summary>Row counter, flags, turns of the shared units and registers of the broadcast, in gate equivalents.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    /// <param name="logic">Cells of the library.</param>
    /// <param name="turns">Registers that say which column a shared unit serves.</param>
    /// <param name="excessGe">Logic of the common excess, gate equivalents; 0 where there is none.</param>
    public static double Ge(BankSpec bank, int activationBits, LogicConstants logic, int turns, double excessGe)
    {
        var blocks = (bank.Rows + BankArithmetic.BlockRows - 1) / BankArithmetic.BlockRows;
        var blockBits = Math.Max(1, BitOperations.Log2((uint)((2 * blocks) - 1)));
        var count = blockBits + BitOperations.Log2(BankArithmetic.BlockRows);
        var broadcast = Math.Max(0, bank.PipelineCycles - BankArithmetic.ScaleStages - bank.ColumnsPerScaleUnit);
        // valid, first, last; end, last and start of a block in three stages; busy; start and result of a vector on their way to the scale
        // units' end.
        const int flags = 6 + 1 + 2 + 3;
        var registers = (broadcast * (activationBits + 3)) + activationBits + (2 * count) + (2 * blockBits) + flags + turns;
        var counter = count * (HalfAdder(logic) + logic.AndGe);
        var gating = (activationBits + turns) * logic.AndGe;
        return (registers * logic.FlipFlopGe) + counter + gating + excessGe;
    }

    /// <summary>Half adder in gate equivalents: an exclusive or and an and.</summary>
    public static double HalfAdder(LogicConstants logic) => logic.XorGe + logic.AndGe;
}
