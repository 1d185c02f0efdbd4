namespace TaalasSim.ChipModel.Timing;

/// <summary>The chain of phases that decides how long a stage takes when nothing is in the way.</summary>
public static class CriticalPath
{
    /// <summary>Phases of the chain from first to last with their cycles, which sum to the stage's.</summary>
    /// <param name="stage">Stage.</param>
    /// <param name="positions">Attended positions, the token's own included.</param>
    public static IReadOnlyList<(string Phase, FabricUnit Unit, double Cycles)> Of(LayerSchedule stage, double positions)
    {
        var phases = stage.Phases;
        var end = new double[phases.Count];
        var before = new int[phases.Count];
        var last = 0;
        for (var i = 0; i < phases.Count; i++)
        {
            before[i] = -1;
            foreach (var a in phases[i].After)
                if (before[i] < 0 || end[a] > end[before[i]])
                    before[i] = a;
            end[i] = (before[i] < 0 ? 0 : end[before[i]]) + phases[i].Cycles(positions);
            if (end[i] > end[last])
                last = i;
        }

        var chain = new List<(string, FabricUnit, double)>();
        for (var i = last; i >= 0; i = before[i])
            chain.Add((phases[i].Name, phases[i].Unit, phases[i].Cycles(positions)));
        chain.Reverse();
        return chain;
    }
}
