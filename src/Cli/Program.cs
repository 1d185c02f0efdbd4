Console.WriteLine("TaalasSim 0.1.0");
