return await Daybook.Bookie.BookieProgram.RunAsync(args, Console.Out, Console.Error);
