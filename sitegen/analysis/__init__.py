"""What the readings show: occlusion, its ranking and its store. numpy only."""
