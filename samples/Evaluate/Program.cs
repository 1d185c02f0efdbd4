// Evaluates a design point in closed form and draws where its area goes.
// Usage: dotnet run --project samples/Evaluate [chips folder] [output folder]
using System.Globalization;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var library = new DesignLibrary(args.Length > 0 ? args[0] : "chips");
var fabric = library.Fabric("hc1");
var technology = library.Technology(fabric.Technology);
var plan = DesignLibrary.Plan(library.Shape("llama-3.1-8b"), fabric, fabric.DefaultWeights);

var service = new ServiceShape(InputTokens: 1000, OutputTokens: 1000);
var figures = ChipEvaluation.Evaluate(EvaluationInput.Of(plan), technology, library.Prices(), service);
Console.WriteLine($"throughput  {figures.TokensPerSecondUser:0} tokens/s per user");
Console.WriteLine($"power       {figures.Watts:0} W");
Console.WriteLine($"die area    {figures.DieMm2:0} mm2");

var area = DieArea.Of(fabric, technology);
using var picture = AreaChart.Draw(SiliconParts.Area(area, fabric, UncertaintyRange.Exact(figures.DieMm2)));
foreach (var file in picture.Save(Directory.CreateDirectory(args.Length > 1 ? args[1] : "out/samples").FullName))
    Console.WriteLine(file);
